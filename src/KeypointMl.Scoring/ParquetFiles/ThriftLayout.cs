using System.Collections.Frozen;
using System.Globalization;

namespace KeypointMl.Scoring.ParquetFiles;

/// <summary>
/// The structures of Parquet's metadata
/// (<see href="https://github.com/apache/parquet-format/blob/master/src/main/thrift/parquet.thrift"/>) as Parquet.Net
/// reads them: which field has which type. The library believes a file's field to have the type that it expects, so
/// that others must not reach it.
/// </summary>
internal static class ThriftLayout
{
    public const string Footer = "FileMetaData";
    public const string PageHeader = "PageHeader";

    private const string Table = """
        FileMetaData: 1 i32, 2 [SchemaElement], 3 i64, 4 [RowGroup], 5 [KeyValue], 6 binary, 7 [ColumnOrder], 9 binary
        SchemaElement: 1 i32, 2 i32, 3 i32, 4 binary, 5 i32, 6 i32, 7 i32, 8 i32, 9 i32, 10 LogicalType
        LogicalType: 1 Empty, 2 Empty, 3 Empty, 4 Empty, 5 DecimalType, 6 Empty, 7 TimeType, 8 TimeType, 10 IntType, 11 Empty, 12 Empty, 13 Empty, 14 Empty, 15 Empty, 16 VariantType, 17 GeometryType, 18 GeographyType
        DecimalType: 1 i32, 2 i32
        TimeType: 1 bool, 2 TimeUnit
        TimeUnit: 1 Empty, 2 Empty, 3 Empty
        IntType: 1 byte, 2 bool
        VariantType: 1 byte
        GeometryType: 1 binary
        GeographyType: 1 binary, 2 i32
        RowGroup: 1 [ColumnChunk], 2 i64, 3 i64, 4 [SortingColumn], 5 i64, 6 i64, 7 i16
        SortingColumn: 1 i32, 2 bool, 3 bool
        ColumnChunk: 1 binary, 2 i64, 3 ColumnMetaData, 4 i64, 5 i32, 6 i64, 7 i32, 9 binary
        ColumnMetaData: 1 i32, 2 [i32], 3 [binary], 4 i32, 5 i64, 6 i64, 7 i64, 8 [KeyValue], 9 i64, 10 i64, 11 i64, 12 Statistics, 13 [PageEncodingStats], 14 i64, 15 i32, 16 SizeStatistics, 17 GeospatialStatistics
        KeyValue: 1 binary, 2 binary
        Statistics: 1 binary, 2 binary, 3 i64, 4 i64, 5 binary, 6 binary, 7 bool, 8 bool
        PageEncodingStats: 1 i32, 2 i32, 3 i32
        SizeStatistics: 1 i64, 2 [i64], 3 [i64]
        GeospatialStatistics: 1 BoundingBox, 2 [i32]
        BoundingBox: 1 double, 2 double, 3 double, 4 double, 5 double, 6 double, 7 double, 8 double
        ColumnOrder: 1 Empty
        PageHeader: 1 i32, 2 i32, 3 i32, 4 i32, 5 DataPageHeader, 6 Empty, 7 DictionaryPageHeader, 8 DataPageHeaderV2
        DataPageHeader: 1 i32, 2 i32, 3 i32, 4 i32, 5 Statistics
        DictionaryPageHeader: 1 i32, 2 i32, 3 bool
        DataPageHeaderV2: 1 i32, 2 i32, 3 i32, 4 i32, 5 i32, 6 i32, 7 bool, 8 Statistics
        Empty:
        """;

    private static readonly FrozenDictionary<string, FrozenDictionary<short, ThriftField>> Structures = Read();

    /// <summary>The fields of a structure by their numbers.</summary>
    public static FrozenDictionary<short, ThriftField> Of(string structure) => Structures[structure];

    private static FrozenDictionary<string, FrozenDictionary<short, ThriftField>> Read() => Table.Split('\n')
        .Select(line => line.Split(':'))
        .ToFrozenDictionary(line => line[0], line => ReadFields(line[1]));

    private static FrozenDictionary<short, ThriftField> ReadFields(string text) => text
        .Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
        .Select(ReadField)
        .ToFrozenDictionary(field => field.Id);

    private static ThriftField ReadField(string text)
    {
        string[] words = text.Split(' ');
        bool list = words[1].StartsWith('[');
        string name = words[1].Trim('[', ']');
        ThriftType type = name switch
        {
            "bool" => ThriftType.True,
            "byte" => ThriftType.Byte,
            "i16" => ThriftType.I16,
            "i32" => ThriftType.I32,
            "i64" => ThriftType.I64,
            "double" => ThriftType.Double,
            "binary" => ThriftType.Binary,
            _ => ThriftType.Struct,
        };
        return new ThriftField(short.Parse(words[0], CultureInfo.InvariantCulture), type, list, type == ThriftType.Struct ? name : null);
    }
}

/// <summary>A field of a structure.</summary>
/// <param name="Id">Its number.</param>
/// <param name="Type">Its type, or that of its elements.</param>
/// <param name="IsList">Whether it is a list.</param>
/// <param name="Structure">Which structure it, or an element, is.</param>
internal sealed record ThriftField(short Id, ThriftType Type, bool IsList, string? Structure);

/// <summary>
/// The types of Thrift's compact protocol
/// (<see href="https://github.com/apache/thrift/blob/master/doc/specs/thrift-compact-protocol.md"/>).
/// </summary>
internal enum ThriftType
{
    Stop,
    True,
    False,
    Byte,
    I16,
    I32,
    I64,
    Double,
    Binary,
    List,
    Set,
    Map,
    Struct,
}
