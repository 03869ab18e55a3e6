using KeypointMl.Detection;
using KeypointMl.Imaging.Images;
using KeypointMl.Imaging.Video;
using KeypointMl.Rows;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace KeypointMl.Tests.MlNet;

/// <summary>Rows whose values cannot be read, under the policy that marks them.</summary>
[TestClass]
public sealed class FailingInputTests
{
    private const int Rows = 60;

    private static readonly KeypointDetectionOptions Options = TestData.Options with
    {
        OnError = KeypointErrorPolicy.MarkRow,
        ErrorColumnName = "Error",
        BoxColumnName = "Box",
        BatchSize = 2,
    };

    private readonly MLContext ml = new(seed: 1);

    [TestMethod]
    [DataRow("Image")]
    [DataRow("Path")]
    public void Ffmpeg_that_ends_or_is_missing_is_thrown_and_marks_no_row(string column)
    {
        using var folder = new TemporaryFolder();
        var ended = new FfmpegEndedException("ffmpeg was ended");
        var missing = new FfmpegNotFoundException("ffmpeg", null);
        var unstarted = new FfmpegStartException("ffmpeg", new System.ComponentModel.Win32Exception(24));
        var wrapped = new InvalidOperationException("a worker failed", ended);

        foreach (Exception fault in (Exception[])[ended, missing, unstarted, wrapped])
        {
            var data = new FailingGetters(Data(folder), (name, position) => name == column && position == 7 ? fault : null);
            Assert.AreSame(fault, Assert.Throws<Exception>(() => Detect(data, column)));
        }
    }

    [TestMethod]
    [DataRow("Image")]
    [DataRow("Path")]
    public void Marked_row_keeps_the_values_that_can_be_read_and_has_no_other_rows(string column)
    {
        using var folder = new TemporaryFolder();
        // Late enough that the rows' places were those of other rows before.
        var data = new FailingGetters(Data(folder), (name, position) => position < 30 ? null : (position % 3, name) switch
        {
            (1, "Box") => new InvalidDataException("no box"),
            (2, "Image" or "Path") => new InvalidDataException("no picture"),
            _ => null,
        });

        CheckedRow[] rows = Detect(data, column);

        Assert.HasCount(Rows, rows);
        for (int i = 0; i < Rows; i++)
        {
            int kind = i < 30 ? 0 : i % 3;
            CheckedRow row = rows[i];
            Assert.AreEqual(i, row.Number);
            Assert.AreEqual(kind switch { 1 => "no box", 2 => "no picture", _ => "" }, row.Error, $"row {i}");
            CollectionAssert.AreEqual(kind == 1 ? [] : BoxOf(i), row.Box, $"row {i}");
            if (column == "Path")
                Assert.AreEqual(kind == 2 ? "" : folder[$"{i}.png"], row.Path, $"row {i}");
            else
                CollectionAssert.AreEqual(kind == 2 ? null : TestImages.Numbered(i).Pixels, row.Pixels, $"row {i}");
        }
    }

    private static float[] BoxOf(int i) => [i % 3, 0, TestModels.Width - i % 3, TestModels.Height];

    private IDataView Data(TemporaryFolder folder) => ml.Data.LoadFromEnumerable([.. Enumerable.Range(0, Rows).Select(i => new BoxRow
    {
        Number = i,
        Path = folder.Write($"{i}.png", ImageWriter.EncodePng(TestImages.Numbered(i))),
        Image = MlImagePixels.ToMlImage(TestImages.Numbered(i)),
        Box = BoxOf(i),
    })]);

    private CheckedRow[] Detect(IDataView data, string column)
    {
        using KeypointDetectingTransformer transformer = TestData.Fit(ml, data, column, Options);
        IDataView output = transformer.Transform(data);
        DataViewSchema.Column Of(string name) => output.Schema[name];
        using DataViewRowCursor cursor = output.GetRowCursor([Of("Number"), Of(column), Of("Box"), Of("Error")]);
        ValueGetter<int> number = cursor.GetGetter<int>(Of("Number"));
        ValueGetter<VBuffer<float>> box = cursor.GetGetter<VBuffer<float>>(Of("Box"));
        ValueGetter<ReadOnlyMemory<char>> error = cursor.GetGetter<ReadOnlyMemory<char>>(Of("Error"));
        ValueGetter<MLImage>? image = column == "Image" ? cursor.GetGetter<MLImage>(Of("Image")) : null;
        ValueGetter<ReadOnlyMemory<char>>? path = column == "Path" ? cursor.GetGetter<ReadOnlyMemory<char>>(Of("Path")) : null;
        var rows = new List<CheckedRow>();
        (int n, VBuffer<float> b, ReadOnlyMemory<char> e, MLImage? m, ReadOnlyMemory<char> p) = (0, default, default, null, default);
        while (cursor.MoveNext())
        {
            number(ref n);
            box(ref b);
            error(ref e);
            image?.Invoke(ref m!);
            path?.Invoke(ref p);
            rows.Add(new CheckedRow(
                n, e.ToString(), [.. b.DenseValues()], p.ToString(), m is null ? null : MlImagePixels.ToRgbImage(m).Pixels));
        }
        return [.. rows];
    }

    private sealed record CheckedRow(int Number, string Error, float[] Box, string Path, byte[]? Pixels);
}
