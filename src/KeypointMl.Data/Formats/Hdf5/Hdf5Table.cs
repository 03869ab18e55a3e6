using PureHDF;

namespace KeypointMl.Data;

/// <summary>A data set of records (an HDF5 compound type), read column by column.</summary>
internal sealed class Hdf5Table
{
    private readonly Hdf5Source source;
    private readonly string name;
    private readonly Dictionary<string, object>[] rows;

    internal Hdf5Table(Hdf5Source source, string name)
    {
        this.source = source;
        this.name = name;
        IH5Dataset dataset = source.Dataset(name);
        int count = source.CheckedCount(dataset, name);
        if (source.Read(name, () => dataset.Type.Class) != H5DataTypeClass.Compound)
            throw source.Error(name, $"expected records; found {dataset.Type.Class}");
        rows = count == 0 ? [] : source.Read(name, () => dataset.Read<Dictionary<string, object>[]>(memoryDims: [(ulong)count]));
    }

    internal int Count => rows.Length;

    /// <summary>A column of numbers.</summary>
    internal double[] Numbers(string column)
    {
        var values = new double[rows.Length];
        for (int i = 0; i < values.Length; i++)
            values[i] = Value(i, column) is IConvertible number and not string ? Convert.ToDouble(number, System.Globalization.CultureInfo.InvariantCulture) : throw Wrong(i, column);
        return values;
    }

    /// <summary>A column of indices: whole numbers from <paramref name="min"/> to <paramref name="max"/>.</summary>
    internal int[] Indices(string column, int min, int max)
    {
        double[] values = Numbers(column);
        int wrong = Array.FindIndex(values, value => !(value >= min && value <= max) || value != Math.Floor(value));
        return wrong < 0 ? Array.ConvertAll(values, value => (int)value) : throw source.Error($"{name}[{wrong}].{column}", $"is {values[wrong]}; expected {min} to {max}");
    }

    /// <summary>A column of lists of numbers.</summary>
    internal double[][] Lists(string column)
    {
        var values = new double[rows.Length][];
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = Value(i, column) switch
            {
                double[] list => list,
                float[] list => Array.ConvertAll(list, value => (double)value),
                double number => [number],
                _ => throw Wrong(i, column),
            };
        }
        return values;
    }

    private object? Value(int row, string column) => rows[row].TryGetValue(column, out object? value)
        ? value
        : throw source.Error(name, $"there is no column '{column}'; the columns are {string.Join(", ", rows[row].Keys.Take(20))}");

    private InvalidDataException Wrong(int row, string column) => source.Error($"{name}[{row}].{column}", "holds something else than numbers");
}
