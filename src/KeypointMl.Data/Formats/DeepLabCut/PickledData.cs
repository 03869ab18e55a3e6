using System.Buffers.Binary;
using System.Globalization;
using System.Numerics;
using System.Text;
using System.Text.RegularExpressions;

namespace KeypointMl.Data;

/// <summary>
/// Reads a pickle as data, never executing it: texts, numbers, tuples (arrays), lists and dictionaries, in any
/// protocol. What would be called becomes a <see cref="Call"/>, and only NumPy's
/// arrays, scalars and types may be; any other name, above all what would do something, is refused.
/// </summary>
internal sealed partial class PickledData
{
    private const int MaxItems = 10_000_000;

    private static readonly object Mark = new();
    private static readonly HashSet<string> Names = new(StringComparer.Ordinal)
    {
        "numpy ndarray", "numpy dtype", "_codecs encode",
        "numpy.core.multiarray _reconstruct", "numpy.core.multiarray scalar", "numpy._core.multiarray _reconstruct",
            "numpy._core.multiarray scalar",
    };

    private readonly byte[] pickle;
    private readonly string where;
    private readonly List<object?> stack = [];
    private readonly Dictionary<long, object?> memory = [];
    private int position;

    private PickledData(byte[] pickle, string where)
    {
        this.pickle = pickle;
        this.where = where;
    }

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
    internal static object? Read(byte[] pickle, string where) => new PickledData(pickle, where).Read();

    private object? Read()
    {
        while (position < pickle.Length && stack.Count < MaxItems)
        {
            char operation = (char)pickle[position++];
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
                Bytes(1);
                return true;
            case '\x95':
                Bytes(8);
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
                stack.Add(EscapeRegex().Replace(Line(), Unescape));
                return true;
            case 'S':
                string quoted = Line();
                stack.Add(quoted.Length >= 2 && quoted[0] is '\'' or '"' ? quoted[1..^1] : throw Error("has a text without quotes"));
                return true;
            case 'X' or '\x8C':
                stack.Add(Encoding.UTF8.GetString(Bytes(Length(operation == 'X' ? 4 : 1))));
                return true;
            case 'C' or 'B' or 'U' or 'T':
                stack.Add(Encoding.Latin1.GetString(Bytes(Length(operation is 'B' or 'T' ? 4 : 1))));
                return true;
            case 'I' or 'L':
                stack.Add(long.TryParse(Line().TrimEnd('L'), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long whole)
                    ? whole
                    : throw Error("has a number that is none"));
                return true;
            case 'F':
                stack.Add(double.TryParse(Line(), NumberStyles.Float, CultureInfo.InvariantCulture, out double number)
                    ? number
                    : throw Error("has a number that is none"));
                return true;
            case 'K' or 'M':
                stack.Add((long)Length(operation == 'K' ? 1 : 2));
                return true;
            case 'J':
                stack.Add((long)BinaryPrimitives.ReadInt32LittleEndian(Bytes(4)));
                return true;
            case '\x8A':
                ReadOnlySpan<byte> digits = Bytes(Length(1));
                stack.Add(digits.Length <= 8 ? (long)new BigInteger(digits) : throw Error("has a number of more than 8 bytes"));
                return true;
            case 'G':
                stack.Add(BinaryPrimitives.ReadDoubleBigEndian(Bytes(8)));
                return true;
            case 'g' or 'h' or 'j':
                stack.Add(memory.TryGetValue(operation == 'g' ? Key(Line()) : Length(operation == 'h' ? 1 : 4), out object? remembered)
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
                memory[operation == 'p' ? Key(Line()) : Length(operation == 'q' ? 1 : 4)] = Peek();
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
                stack.Add(Allowed($"{Line()} {Line()}"));
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

    private ReadOnlySpan<byte> Bytes(int count)
    {
        if (count < 0 || count > pickle.Length - position)
            throw Error($"ends where {count:N0} bytes more are expected");
        position += count;
        return pickle.AsSpan(position - count, count);
    }

    private int Length(int size)
    {
        long length = 0;
        ReadOnlySpan<byte> digits = Bytes(size);
        for (int i = size - 1; i >= 0; i--)
            length = length << 8 | digits[i];
        return length <= int.MaxValue ? (int)length : throw Error($"claims {length:N0} bytes");
    }

    private string Line()
    {
        int length = pickle.AsSpan(position).IndexOf((byte)'\n');
        if (length < 0)
            throw Error("ends within a line");
        // Protocol 0 writes Latin-1, and escapes what is beyond it.
        string line = Encoding.Latin1.GetString(pickle, position, length);
        position += length + 1;
        return line;
    }

    private long Key(string line) => long.TryParse(line, NumberStyles.None, CultureInfo.InvariantCulture, out long key)
        ? key
        : throw Error("refers to what is no number");

    private string Unescape(Match match)
    {
        int code = int.Parse(match.ValueSpan[2..], NumberStyles.HexNumber, CultureInfo.InvariantCulture);
        if (code is < 0 or > 0x10FFFF)
            throw Error("has a letter that Unicode has not");
        return code > 0xFFFF ? char.ConvertFromUtf32(code) : ((char)code).ToString();
    }

    private InvalidDataException Error(string message) => new($"{where}: byte {position} of a pickle: it {message}.");

    [GeneratedRegex(@"\\u[0-9a-fA-F]{4}|\\U[0-9a-fA-F]{8}")]
    private static partial Regex EscapeRegex();
}
