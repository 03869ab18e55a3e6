using System.Globalization;

namespace KeypointMl.Data.Formats.Hdf5;

/// <summary>A data set of records (an HDF5 compound type), read column by column.</summary>
internal sealed class Hdf5Table
{
    private readonly Hdf5Source source;
    private readonly string name;
    private readonly Hdf5Dataset dataset;
    private readonly byte[] bytes;

    internal Hdf5Table(Hdf5Source source, string name)
    {
        this.source = source;
        this.name = name;
        dataset = source.Dataset(name);
        Count = dataset.Count;
        if (dataset.Type.Class != Hdf5Class.Record)
        {
            throw Count == 0
                ? source.Error(name, "expected records; there are no elements, but of another kind")
                : dataset.Values.Wrong("records");
        }
        bytes = dataset.Read();
    }

    internal int Count { get; }

    internal IEnumerable<string> Columns => dataset.Type.Members.Select(member => member.Name);

    /// <summary>A column of numbers, which are read one by one.</summary>
    internal Func<int, double> Numbers(string column)
    {
        Hdf5Member member = Member(column);
        Hdf5Values values = dataset.ValuesOf(member);
        return values.IsNumber ? row => values.Number(Element(row, member)) : throw values.Wrong("numbers");
    }

    /// <summary>A column of indices: whole numbers from <paramref name="min"/> to <paramref name="max"/>.</summary>
    internal int[] Indices(string column, int min, int max)
    {
        Func<int, double> numbers = Numbers(column);
        source.Take(sizeof(int) * (long)Count, $"{name}.{column}");
        var indices = new int[Count];
        for (int i = 0; i < indices.Length; i++)
        {
            double value = numbers(i);
            indices[i] = value >= min && value <= max && value == Math.Floor(value)
                ? (int)value
                : throw source.Error($"{name}[{i}].{column}",
                    string.Create(CultureInfo.InvariantCulture, $"is {value}; expected {min} to {max}"));
        }
        return indices;
    }

    /// <summary>A column of lists of numbers, which are read row by row.</summary>
    internal Func<int, double[]> Lists(string column)
    {
        Hdf5Member member = Member(column);
        Hdf5Values values = dataset.ValuesOf(member);
        return values.IsNumber || values.Type is { Class: Hdf5Class.Array, Base.Number.IsNumber: true }
            ? row => values.Numbers(Element(row, member))
            : throw values.Wrong("numbers");
    }

    /// <summary>A column of texts or whole numbers, which are read one by one as text.</summary>
    internal Func<int, string> Names(string column)
    {
        Hdf5Member member = Member(column);
        Hdf5Values values = dataset.ValuesOf(member);
        return values.Type.IsText ? row => values.Text(Element(row, member))
            : values.IsNumber ? row => values.Number(Element(row, member)).ToString(CultureInfo.InvariantCulture)
            : throw values.Wrong("texts or numbers");
    }

    private Hdf5Member Member(string column) => dataset.Type.Members.FirstOrDefault(member => member.Name == column)
        ?? throw source.Error(name, $"there is no column '{column}'; the columns are {string.Join(", ", Columns.Take(20))}");

    private ReadOnlySpan<byte> Element(int row, Hdf5Member member) =>
        bytes.AsSpan(row * dataset.Type.Size + member.Offset, member.Type.Size);
}
