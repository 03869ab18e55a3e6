using System.Runtime.InteropServices;
using PureHDF;

namespace KeypointMl.Data;

/// <summary>Reads a data set of numbers as it is stored.</summary>
internal static class Hdf5Numbers
{
    /// <summary>All numbers; the dimensions are the file's, reversed: HDF5's last dimension is the one that varies fastest, MATLAB's first.</summary>
    internal static MatNumeric Read(Hdf5Source source, IH5Dataset dataset, string where)
    {
        int count = source.CheckedCount(dataset, where);
        int[] dimensions = [.. source.Dimensions(dataset, where).Reverse()];
        if (dimensions.Length == 0)
            dimensions = [1];
        string place = $"{source.Path}: {where}";
        IH5DataType type = dataset.Type.Class == H5DataTypeClass.Enumerated ? dataset.Type.Enumeration.BaseType : dataset.Type;
        bool signed = type.Class == H5DataTypeClass.FixedPoint && type.FixedPoint.IsSigned;
        return (type.Class, type.Size, signed) switch
        {
            (H5DataTypeClass.FloatingPoint, 8, _) => Make<double>(MatNumberType.Double),
            (H5DataTypeClass.FloatingPoint, 4, _) => Make<float>(MatNumberType.Single),
            (H5DataTypeClass.FixedPoint, 1, true) => Make<sbyte>(MatNumberType.Int8),
            (H5DataTypeClass.FixedPoint, 1, false) => Make<byte>(MatNumberType.UInt8),
            (H5DataTypeClass.FixedPoint, 2, true) => Make<short>(MatNumberType.Int16),
            (H5DataTypeClass.FixedPoint, 2, false) => Make<ushort>(MatNumberType.UInt16),
            (H5DataTypeClass.FixedPoint, 4, true) => Make<int>(MatNumberType.Int32),
            (H5DataTypeClass.FixedPoint, 4, false) => Make<uint>(MatNumberType.UInt32),
            (H5DataTypeClass.FixedPoint, 8, true) => Make<long>(MatNumberType.Int64),
            (H5DataTypeClass.FixedPoint, 8, false) => Make<ulong>(MatNumberType.UInt64),
            _ => throw source.Error(where, $"expected numbers of 1 to 8 bytes; found {type.Class} of {type.Size} bytes"),
        };

        MatNumeric Make<T>(MatNumberType numberType)
            where T : unmanaged
        {
            T[] values = count == 0 ? [] : source.Read(where, () => dataset.Space.Rank == 0 ? [dataset.Read<T>()] : dataset.Read<T[]>(memoryDims: [(ulong)count]));
            return new MatNumeric(place, dimensions, numberType, MemoryMarshal.AsBytes(values.AsSpan()).ToArray());
        }
    }
}
