using System.Buffers.Binary;
using System.Numerics;
using System.Text;

namespace KeypointMl.Data.Formats.Pickles;

/// <summary>
/// Reads a pickle as data, in any protocol and never executing it: what its names mean is the dialect's to say, and the
/// opcodes are those of <see cref="PickleOpcode"/>.
/// </summary>
/// <remarks>
/// Values: null, bool, long, <see cref="BigInteger"/> beyond it, double, string, <c>List&lt;object?&gt;</c>,
/// <c>object?[]</c> for tuples, <c>Dictionary&lt;object, object?&gt;</c>, and what the dialect makes. It does not
/// recurse, and every length is checked against the bytes that are left before memory is taken for it.
/// </remarks>
/// <param name="stream">Stands at the pickle's first byte, and behind its last one afterwards; with a length.</param>
/// <param name="dialect">What its names mean.</param>
internal sealed class PickleReader(Stream stream, PickleDialect dialect)
{
    private const int MostValues = 10_000_000;
    private const int LongestName = 256;
    private static readonly object MarkObject = new();

    private readonly PickleSource source = new(stream);
    private readonly List<object?> stack = [];
    private readonly Dictionary<long, object?> memo = [];

    /// <summary>Reads up to and with the opcode STOP.</summary>
    /// <exception cref="InvalidDataException">
    /// The pickle is damaged, or has something that its dialect has not; the message says at which byte.
    /// </exception>
    public object? Read()
    {
        while (true)
        {
            long position = source.Position;
            try
            {
                var opcode = (PickleOpcode)source.Byte();
                if (opcode == PickleOpcode.Stop)
                {
                    return stack.Count == 1
                        ? Pop()
                        : throw new InvalidDataException($"the pickle ends with {stack.Count} values; expected one");
                }
                if (stack.Count >= MostValues)
                    throw new InvalidDataException($"the pickle has more than {MostValues:N0} values at once");
                if (!PushesValue(opcode) && !Combines(opcode))
                    throw new InvalidDataException($"opcode 0x{(byte)opcode:x2} is not one that data are written with");
            }
            catch (Exception exception) when (exception is InvalidDataException or EndOfStreamException)
            {
                throw new InvalidDataException($"byte {position}: {exception.Message.TrimEnd('.')}", exception);
            }
        }
    }

    private bool PushesValue(PickleOpcode opcode)
    {
        switch (opcode)
        {
            case PickleOpcode.Mark: Push(MarkObject); break;
            case PickleOpcode.None: Push(null); break;
            case PickleOpcode.NewTrue: Push(true); break;
            case PickleOpcode.NewFalse: Push(false); break;
            case PickleOpcode.Int or PickleOpcode.Long: Push(source.WholeNumberLine()); break;
            case PickleOpcode.BinInt: Push((long)BinaryPrimitives.ReadInt32LittleEndian(source.Bytes(4))); break;
            case PickleOpcode.BinInt1: Push(source.Unsigned(1)); break;
            case PickleOpcode.BinInt2: Push(source.Unsigned(2)); break;
            case PickleOpcode.Long1: Push(source.Signed(source.Byte())); break;
            case PickleOpcode.Float: Push(source.NumberLine()); break;
            case PickleOpcode.BinFloat: Push(BinaryPrimitives.ReadDoubleBigEndian(source.Bytes(8))); break;
            case PickleOpcode.Unicode: Push(source.EscapedLine()); break;
            case PickleOpcode.BinUnicode: Push(Encoding.UTF8.GetString(source.Bytes(source.Unsigned(4)))); break;
            case PickleOpcode.ShortBinUnicode: Push(Encoding.UTF8.GetString(source.Bytes(source.Unsigned(1)))); break;
            case PickleOpcode.String: Push(source.QuotedLine()); break;
            case PickleOpcode.BinString or PickleOpcode.BinBytes: Push(dialect.Bytes.GetString(source.Bytes(source.Unsigned(4)))); break;
            case PickleOpcode.ShortBinString or PickleOpcode.ShortBinBytes:
                Push(dialect.Bytes.GetString(source.Bytes(source.Unsigned(1))));
                break;
            case PickleOpcode.EmptyList: Push(new List<object?>()); break;
            case PickleOpcode.EmptyDictionary: Push(new Dictionary<object, object?>()); break;
            case PickleOpcode.EmptyTuple: Push(Array.Empty<object?>()); break;
            case PickleOpcode.Get: Recall(source.KeyLine()); break;
            case PickleOpcode.BinGet: Recall(source.Unsigned(1)); break;
            case PickleOpcode.LongBinGet: Recall(source.Unsigned(4)); break;
            case PickleOpcode.Global: Push(dialect.Check(new PickleGlobal(source.Line(LongestName), source.Line(LongestName)))); break;
            default: return false;
        }
        return true;
    }

    private bool Combines(PickleOpcode opcode)
    {
        switch (opcode)
        {
            case PickleOpcode.Protocol: CheckProtocol(source.Unsigned(1)); break;
            case PickleOpcode.Frame: source.Bytes(8); break;
            case PickleOpcode.Put: memo[source.KeyLine()] = Peek(); break;
            case PickleOpcode.BinPut: memo[source.Unsigned(1)] = Peek(); break;
            case PickleOpcode.LongBinPut: memo[source.Unsigned(4)] = Peek(); break;
            case PickleOpcode.Memoize: memo[memo.Count] = Peek(); break;
            case PickleOpcode.Tuple: Push(PopToMark()); break;
            case PickleOpcode.Tuple1: Push(PopSome(1)); break;
            case PickleOpcode.Tuple2: Push(PopSome(2)); break;
            case PickleOpcode.Tuple3: Push(PopSome(3)); break;
            case PickleOpcode.List: Push(PopToMark().ToList()); break;
            case PickleOpcode.Append: Append(PopSome(1)); break;
            case PickleOpcode.Appends: Append(PopToMark()); break;
            case PickleOpcode.Dictionary:
                object?[] items = PopToMark();
                Push(new Dictionary<object, object?>());
                SetItems(items);
                break;
            case PickleOpcode.SetItem: SetItems(PopSome(2)); break;
            case PickleOpcode.SetItems: SetItems(PopToMark()); break;
            case PickleOpcode.StackGlobal:
                Push(PopSome(2) is [string module, string name]
                    ? dialect.Check(new PickleGlobal(module, name))
                    : throw new InvalidDataException("a name is no text"));
                break;
            case PickleOpcode.BinPersistentId: Push(dialect.Persistent(Pop())); break;
            case PickleOpcode.Reduce:
                Push(PopSome(2) is [PickleGlobal callable, object?[] arguments]
                    ? dialect.Call(callable, arguments)
                    : throw new InvalidDataException("something is called that is no known name"));
                break;
            case PickleOpcode.Build:
                object? state = Pop();
                dialect.SetState(Peek(), state);
                break;
            default: return false;
        }
        return true;
    }

    private void CheckProtocol(long protocol)
    {
        if (protocol > dialect.HighestProtocol)
        {
            throw new InvalidDataException(
                $"the pickle has protocol {protocol}; protocols up to {dialect.HighestProtocol} are read here");
        }
    }

    private void Append(object?[] items)
    {
        if (Peek() is not List<object?> list)
            throw new InvalidDataException("items are appended to something that is no list");
        list.AddRange(items);
    }

    private void SetItems(object?[] items)
    {
        if (Peek() is not Dictionary<object, object?> dictionary || items.Length % 2 != 0)
            throw new InvalidDataException("keys and values are set in something that is no dictionary, or a value is missing");
        for (int i = 0; i < items.Length; i += 2)
        {
            // Other keys would be compared by identity, not by value.
            if (items[i] is not (string or long or bool or double))
                throw new InvalidDataException("a key of a dictionary is neither text nor a number");
            dictionary[items[i]!] = items[i + 1];
        }
    }

    private void Push(object? value) => stack.Add(value);

    private void Recall(long index) =>
        Push(memo.TryGetValue(index, out object? value) ? value : throw new InvalidDataException($"memo {index} is used before it is set"));

    private object?[] PopSome(int count)
    {
        var values = new object?[count];
        for (int i = count - 1; i >= 0; i--)
            values[i] = Pop();
        return values;
    }

    private object?[] PopToMark()
    {
        int mark = stack.FindLastIndex(value => ReferenceEquals(value, MarkObject));
        if (mark < 0)
            throw new InvalidDataException("a mark is missing");
        object?[] values = [.. stack[(mark + 1)..]];
        stack.RemoveRange(mark, stack.Count - mark);
        return values;
    }

    private object? Pop()
    {
        object? value = Peek();
        stack.RemoveAt(stack.Count - 1);
        return value;
    }

    private object? Peek() => stack is [.., var value] && !ReferenceEquals(value, MarkObject)
        ? value
        : throw new InvalidDataException("a value is missing");
}
