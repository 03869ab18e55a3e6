using KeypointMl.Data.Formats.Hdf5;

namespace KeypointMl.Data.Formats.Mat;

/// <summary>Reads a data set of numbers as it is stored.</summary>
internal static class Hdf5Numbers
{
    /// <summary>
    /// All numbers; the dimensions are the file's, reversed: HDF5's last dimension is the one that varies fastest,
    /// MATLAB's first.
    /// </summary>
    internal static MatNumeric Read(Hdf5Source source, Hdf5Dataset dataset, string where)
    {
        Hdf5Type type = dataset.Type.Number;
        if (!type.IsNumber)
            throw dataset.Values.Wrong("numbers");
        MatNumberType? number = (type.Class, type.Size, type.IsSigned) switch
        {
            (Hdf5Class.Float, 8, _) => MatNumberType.Double,
            (Hdf5Class.Float, 4, _) => MatNumberType.Single,
            (Hdf5Class.Float, _, _) => null,
            (_, 1, true) => MatNumberType.Int8,
            (_, 1, false) => MatNumberType.UInt8,
            (_, 2, true) => MatNumberType.Int16,
            (_, 2, false) => MatNumberType.UInt16,
            (_, 4, true) => MatNumberType.Int32,
            (_, 4, false) => MatNumberType.UInt32,
            (_, _, true) => MatNumberType.Int64,
            _ => MatNumberType.UInt64,
        };
        string place = $"{source.Path}: {where}";
        int[] dimensions = Dimensions(dataset);
        if (number is not MatNumberType stored)
        {
            return new MatNumeric(place, dimensions, MatNumberType.Double,
                System.Runtime.InteropServices.MemoryMarshal.AsBytes(source.Doubles(dataset).AsSpan()).ToArray());
        }
        byte[] bytes = dataset.Read();
        for (int at = 0; type.IsBigEndian && at < bytes.Length; at += type.Size)
            bytes.AsSpan(at, type.Size).Reverse();
        return new MatNumeric(place, dimensions, stored, bytes);
    }

    /// <summary>A data set's size as MATLAB has it.</summary>
    internal static int[] Dimensions(Hdf5Dataset dataset)
    {
        int count = dataset.Count;
        int[] dimensions = count == 0 && dataset.Space.IsNull
            ? [0, 0]
            : [.. dataset.Space.Dimensions.Reverse().Select(size => (int)Math.Min(size, int.MaxValue))];
        return dimensions.Length == 0 ? [1] : dimensions;
    }
}
