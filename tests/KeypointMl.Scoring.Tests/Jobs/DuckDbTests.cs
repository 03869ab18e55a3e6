using DuckDB.NET.Data;

namespace KeypointMl.Scoring.Tests;

/// <summary>Another reader than ours takes the folder of shards for one table.</summary>
[TestClass]
public sealed class DuckDbTests
{
    [TestMethod]
    public async Task Folder_of_shards_is_one_table_with_a_stable_schema()
    {
        using JobFixture fixture = new(11);
        // A shard of failures alone has the same columns as the others.
        for (int i = 1; i <= 3; i++)
            fixture.Folder.WithTruncatedImage($"frame{i}.png");
        fixture.Plan("job", 3);
        await fixture.WorkAsync("job");
        string table = $"'{fixture.Folder["job/parts"]}/*.parquet'";

        CollectionAssert.AreEqual(new[] { "11|3|8|0" },
            Query($"select count(*), count(error), count(\"blue.x\"), count(*) - count(distinct source) from {table}"));
        CollectionAssert.AreEqual(new[] { "frame4.png|0|ok|20|16" },
            Query($"select source, frame, status, width, \"box.height\" from {table} where source = 'frame4.png'"));
        CollectionAssert.AreEqual(
            new[]
            {
                "source|VARCHAR", "frame|BIGINT", "item|VARCHAR", "box.x|FLOAT", "box.y|FLOAT", "box.width|FLOAT", "box.height|FLOAT",
                    "status|VARCHAR", "error|VARCHAR",
                "red.x|FLOAT", "red.y|FLOAT", "red.confidence|FLOAT", "green.x|FLOAT", "green.y|FLOAT", "green.confidence|FLOAT",
                    "blue.x|FLOAT", "blue.y|FLOAT", "blue.confidence|FLOAT", "width|INTEGER", "height|INTEGER",
            },
            Query($"select column_name, column_type from (describe select * from {table})"));
    }

    private static string[] Query(string sql)
    {
        using var connection = new DuckDBConnection("DataSource=:memory:");
        connection.Open();
        using DuckDBCommand command = connection.CreateCommand();
        command.CommandText = sql;
        using DuckDBDataReader reader = command.ExecuteReader();
        List<string> rows = [];
        while (reader.Read())
            rows.Add(string.Join('|', Enumerable.Range(0, reader.FieldCount).Select(reader.GetValue)));
        return [.. rows];
    }
}
