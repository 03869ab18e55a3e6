using PureHDF;

namespace KeypointMl.Tests.Data;

/// <summary>Variables of every kind, as files of version 5 and of version 7.3 have them.</summary>
internal static class MatSamples
{
    public static readonly double[,] Points = { { 1.5, 2 }, { -3, 4 }, { 5, 6.25 } };

    public static (string, object)[] Variables =>
    [
        ("keypoints_2d", Points),
        ("single", new float[,] { { 0.5f, 1 } }),
        ("whole", new short[,] { { -7, 300 } }),
        ("mask", new byte[,] { { 0, 1 }, { 1, 0 } }),
        ("action", "jump ä"),
        ("empty", new double[0, 3]),
        ("cameras", new object[] { Points, "second", new object[] { 3.0 } }),
        ("info", new Dictionary<string, object> { ["name"] = "S1", ["size"] = new double[,] { { 640, 480 } } }),
    ];

    public static string WriteVersion73(TemporaryFolder folder)
    {
        H5Dataset points = Numbers(new double[,] { { 1.5, -3, 5 }, { 2, 4, 6.25 } }, "double"); // HDF5 sees the transpose
        H5Dataset second = Text("second");
        H5Dataset three = Numbers(new double[,] { { 3 } }, "double");
        H5Dataset inner = Numbers(new H5ObjectReference[,] { { three } }, "cell");
        H5Dataset empty = Numbers(new ulong[] { 0, 3 }, "double");
        empty.Attributes["MATLAB_empty"] = (byte)1;
        var file = new H5File
        {
            ["#refs#"] = new H5Group { ["a"] = points, ["b"] = second, ["c"] = inner, ["d"] = three },
            ["keypoints_2d"] = Numbers(new double[,] { { 1.5, -3, 5 }, { 2, 4, 6.25 } }, "double"),
            ["single"] = Numbers(new float[,] { { 0.5f }, { 1 } }, "single"),
            ["whole"] = Numbers(new short[,] { { -7 }, { 300 } }, "int16"),
            ["mask"] = Numbers(new byte[,] { { 0, 1 }, { 1, 0 } }, "logical"),
            ["action"] = Text("jump ä"),
            ["empty"] = empty,
            ["cameras"] = Numbers(new H5ObjectReference[,] { { points, second, inner } }, "cell"),
            ["info"] = new H5Group
            {
                Attributes = new() { ["MATLAB_class"] = "struct" },
                ["name"] = Text("S1"),
                ["size"] = Numbers(new double[,] { { 640 }, { 480 } }, "double"),
            },
        };
        string path = folder["v73.mat"];
        // MATLAB puts its own header of 512 bytes before the HDF5 file.
        file.Write(path, new H5WriteOptions(UserBlockSize: 512));
        return path;
    }

    private static H5Dataset Numbers(object data, string matlabClass) => new(data)
    {
        Attributes = new() { ["MATLAB_class"] = matlabClass },
    };

    private static H5Dataset Text(string text)
    {
        ushort[,] codes = new ushort[text.Length, 1];
        for (int i = 0; i < text.Length; i++)
            codes[i, 0] = text[i];
        return Numbers(codes, "char");
    }
}
