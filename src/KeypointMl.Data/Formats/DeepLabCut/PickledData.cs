using System.Buffers.Binary;
using System.Globalization;
using System.Numerics;
using System.Text;
using KeypointMl.Data.Formats.Landmarks;

namespace KeypointMl.Data.Formats.DeepLabCut;

/// <summary>
/// Reads a pickle as data, never executing it: texts, numbers, tuples (arrays), lists and dictionaries, in any
/// protocol. What would be called becomes a <see cref="Call"/>, and only NumPy's
/// arrays, scalars and types may be; any other name, above all what would do something, is refused.
/// </summary>
internal sealed class PickledData
{
    private const int MaxItems = 10_000_000;

    private static readonly object Mark = new();
    private static readonly HashSet<string> Names = new(StringComparer.Ordinal)
    {
        "numpy ndarray", "numpy dtype", "_codecs encode",
        "numpy.core.multiarray _reconstruct", "numpy.core.multiarray scalar", "numpy._core.multiarray _reconstruct",
            "numpy._core.multiarray scalar",
    };

    private readonly PickleBytes source;
    private readonly List<object?> stack = [];
    private readonly Dictionary<long, object?> memory = [];

    private PickledData(PickleBytes source) => this.source = source;

    /// <summary>What would be called, with what, and the state that the result would be given.</summary>
    internal sealed class Call(string name, object?[] arguments)
    {
        internal string Name => name;

        internal object?[] Arguments => arguments;

        internal object? State { get; set; }
    }

    private sealed record Name(string Text);

    /// <summary>The value of a pickle.</summary>
    /// <exception cref="InvalidDataException">It is damaged, or more than data.</exception>
    internal static object? Read(byte[] pickle, string where) => new PickledData(new PickleBytes(pickle, where)).Read();

    private object? Read()
    {
        while (!source.AtEnd && stack.Count < MaxItems)
        {
            char operation = source.Operation();
            if (operation == '.')
                return Pop();
            if (!Push(operation) && !Combine(operation))
                throw Error($"holds the operation 0x{(int)operation:X2}, which data do not need");
        }
        throw Error("does not end");
    }

    private bool Push(char operation)
    {
        switch (operation)
        {
            case '\x80':
                source.Bytes(1);
                return true;
            case '\x95':
                source.Bytes(8);
                return true;
            case '(':
                stack.Add(Mark);
                return true;
            case 'N':
                stack.Add(null);
                return true;
            case '\x88' or '\x89':
                stack.Add(operation == '\x88' ? 1L : 0L);
                return true;
            case 'V':
                stack.Add(source.EscapedLine());
                return true;
            case 'S':
                string quoted = source.Line();
                stack.Add(quoted.Length >= 2 && quoted[0] is '\'' or '"' ? quoted[1..^1] : throw Error("has a text without quotes"));
                return true;
            case 'X' or '\x8C':
                stack.Add(Encoding.UTF8.GetString(source.Bytes(source.Length(operation == 'X' ? 4 : 1))));
                return true;
            case 'C' or 'B' or 'U' or 'T':
                stack.Add(Encoding.Latin1.GetString(source.Bytes(source.Length(operation is 'B' or 'T' ? 4 : 1))));
                return true;
            case 'I' or 'L':
                stack.Add(long.TryParse(
                    source.Line().TrimEnd('L'), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long whole)
                    ? whole
                    : throw Error("has a number that is none"));
                return true;
            case 'F':
                stack.Add(double.TryParse(source.Line(), NumberStyles.Float, CultureInfo.InvariantCulture, out double number)
                    ? number
                    : throw Error("has a number that is none"));
                return true;
            case 'K' or 'M':
                stack.Add((long)source.Length(operation == 'K' ? 1 : 2));
                return true;
            case 'J':
                stack.Add((long)BinaryPrimitives.ReadInt32LittleEndian(source.Bytes(4)));
                return true;
            case '\x8A':
                ReadOnlySpan<byte> digits = source.Bytes(source.Length(1));
                stack.Add(digits.Length <= 8 ? (long)new BigInteger(digits) : throw Error("has a number of more than 8 bytes"));
                return true;
            case 'G':
                stack.Add(BinaryPrimitives.ReadDoubleBigEndian(source.Bytes(8)));
                return true;
            case 'g' or 'h' or 'j':
                stack.Add(memory.TryGetValue(operation == 'g'
                    ? source.Key()
                    : source.Length(operation == 'h' ? 1 : 4), out object? remembered)
                    ? remembered
                    : throw Error("refers to nothing"));
                return true;
            case ')':
                stack.Add(Array.Empty<object?>());
                return true;
            case ']':
                stack.Add(new List<object?>());
                return true;
            case '}':
                stack.Add(new Dictionary<object, object?>());
                return true;
            default:
                return false;
        }
    }

    private bool Combine(char operation)
    {
        switch (operation)
        {
            case 'p' or 'q' or 'r':
                memory[operation == 'p' ? source.Key() : source.Length(operation == 'q' ? 1 : 4)] = Peek();
                return true;
            case '\x94':
                memory[memory.Count] = Peek();
                return true;
            case 't':
                stack.Add(PopToMark());
                return true;
            case '\x85' or '\x86' or '\x87':
                object?[] items = new object?[operation - '\x84'];
                for (int i = items.Length - 1; i >= 0; i--)
                    items[i] = Pop();
                stack.Add(items);
                return true;
            case 'l':
                stack.Add(PopToMark().ToList());
                return true;
            case 'd':
                object?[] entries = PopToMark();
                stack.Add(new Dictionary<object, object?>());
                Set(entries);
                return true;
            case 'a':
                object? item = Pop();
                Top<List<object?>>().Add(item);
                return true;
            case 'e':
                object?[] more = PopToMark();
                Top<List<object?>>().AddRange(more);
                return true;
            case 's':
                object? value = Pop();
                Set([Pop(), value]);
                return true;
            case 'u':
                Set(PopToMark());
                return true;
            case 'c':
                stack.Add(Allowed($"{source.Line()} {source.Line()}"));
                return true;
            case '\x93':
                object? attribute = Pop();
                stack.Add(Allowed($"{Pop()} {attribute}"));
                return true;
            case 'R':
                object?[] arguments = Pop() as object?[] ?? throw Error("calls something without arguments");
                stack.Add(new Call((Pop() as Name ?? throw Error("calls what has no name")).Text, arguments));
                return true;
            case 'b':
                object? state = Pop();
                Top<Call>().State = state;
                return true;
            default:
                return false;
        }
    }

    private void Set(object?[] entries)
    {
        Dictionary<object, object?> target = Top<Dictionary<object, object?>>();
        if (entries.Length % 2 != 0)
            throw Error("has a key without a value");
        for (int i = 0; i < entries.Length; i += 2)
            target[entries[i] is string or long ? entries[i]! : throw Error("has a key that is no text and no number")] = entries[i + 1];
    }

    private Name Allowed(string name) => Names.Contains(name)
        ? new Name(name)
        : throw Error($"would call '{TextNumbers.Shorten(name)}', which is not executed");

    private T Top<T>()
        where T : class => Peek() as T ?? throw Error("puts something where it does not fit");

    private object? Peek() => stack is [.., var top] && top != Mark ? top : throw Error("takes what is not there");

    private object? Pop()
    {
        object? top = Peek();
        stack.RemoveAt(stack.Count - 1);
        return top;
    }

    private object?[] PopToMark()
    {
        int mark = stack.LastIndexOf(Mark);
        object?[] items = mark >= 0 ? [.. stack[(mark + 1)..]] : throw Error("ends a list that does not begin");
        stack.RemoveRange(mark, stack.Count - mark);
        return items;
    }

    private InvalidDataException Error(string message) => source.Error(message);
}
