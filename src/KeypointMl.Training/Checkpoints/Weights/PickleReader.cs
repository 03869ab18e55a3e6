using System.Buffers.Binary;
using System.Numerics;
using System.Text;

namespace KeypointMl.Training.Checkpoints.Weights;

/// <summary>
/// Reads one pickle of a PyTorch file as data. Python would import and call whatever a pickle names; here the names are
/// those of <see cref="PyTorchGlobals"/> or the file is refused, and the opcodes are those of
/// <see cref="PickleOpcode"/>.
/// </summary>
/// <remarks>
/// Values: null, bool, long, double, string, <c>List&lt;object?&gt;</c>, <c>object?[]</c> for tuples,
/// <c>Dictionary&lt;object, object?&gt;</c>, and what <see cref="PyTorchGlobals"/> makes. It does not recurse, and
/// every length is checked against the bytes that are left before memory is taken for it.
/// </remarks>
internal sealed class PickleReader(Stream stream)
{
    private const int HighestProtocol = 2;
    private static readonly object MarkObject = new();

    private readonly Stack<object?> stack = new();
    private readonly Dictionary<uint, object?> memo = [];

    /// <summary>Reads up to and with the opcode STOP.</summary>
    /// <exception cref="InvalidDataException">
    /// The pickle is damaged, or has something that a state dict has not; the message says at which byte.
    /// </exception>
    public object? Read()
    {
        while (true)
        {
            long position = stream.Position;
            try
            {
                var opcode = (PickleOpcode)ReadByte();
                if (opcode == PickleOpcode.Stop)
                {
                    return stack.Count == 1
                        ? Pop()
                        : throw new InvalidDataException($"the pickle ends with {stack.Count} values; expected one");
                }
                Execute(opcode);
            }
            catch (Exception exception) when (exception is InvalidDataException or EndOfStreamException)
            {
                throw new InvalidDataException($"byte {position}: {exception.Message.TrimEnd('.')}", exception);
            }
        }
    }

    private void Execute(PickleOpcode opcode)
    {
        switch (opcode)
        {
            case PickleOpcode.Protocol:
                int protocol = ReadByte();
                if (protocol > HighestProtocol)
                {
                    throw new InvalidDataException(
                        $"the pickle has protocol {protocol}; protocols up to {HighestProtocol} are read (torch.save's own)");
                }
                break;
            case PickleOpcode.Mark: stack.Push(MarkObject); break;
            case PickleOpcode.None: stack.Push(null); break;
            case PickleOpcode.NewTrue: stack.Push(true); break;
            case PickleOpcode.NewFalse: stack.Push(false); break;
            case PickleOpcode.BinInt: stack.Push((long)BinaryPrimitives.ReadInt32LittleEndian(ReadBytes(4))); break;
            case PickleOpcode.BinInt1: stack.Push((long)ReadByte()); break;
            case PickleOpcode.BinInt2: stack.Push((long)BinaryPrimitives.ReadUInt16LittleEndian(ReadBytes(2))); break;
            case PickleOpcode.BinFloat: stack.Push(BinaryPrimitives.ReadDoubleBigEndian(ReadBytes(8))); break;
            case PickleOpcode.Long1: stack.Push(ReadLong()); break;
            case PickleOpcode.BinUnicode: stack.Push(ReadText(BinaryPrimitives.ReadUInt32LittleEndian(ReadBytes(4)))); break;
            case PickleOpcode.BinString: stack.Push(ReadText(BinaryPrimitives.ReadUInt32LittleEndian(ReadBytes(4)))); break;
            case PickleOpcode.ShortBinString: stack.Push(ReadText((uint)ReadByte())); break;
            case PickleOpcode.EmptyList: stack.Push(new List<object?>()); break;
            case PickleOpcode.EmptyDictionary: stack.Push(new Dictionary<object, object?>()); break;
            case PickleOpcode.EmptyTuple: stack.Push(Array.Empty<object?>()); break;
            case PickleOpcode.Tuple: stack.Push(PopToMark()); break;
            case PickleOpcode.Tuple1: PushTuple(1); break;
            case PickleOpcode.Tuple2: PushTuple(2); break;
            case PickleOpcode.Tuple3: PushTuple(3); break;
            case PickleOpcode.Append: Append([Pop()]); break;
            case PickleOpcode.Appends: Append(PopToMark()); break;
            case PickleOpcode.SetItem: SetItems(PopSome(2)); break;
            case PickleOpcode.SetItems: SetItems(PopToMark()); break;
            case PickleOpcode.BinPut: memo[(uint)ReadByte()] = Peek(); break;
            case PickleOpcode.LongBinPut: memo[BinaryPrimitives.ReadUInt32LittleEndian(ReadBytes(4))] = Peek(); break;
            case PickleOpcode.BinGet: Recall((uint)ReadByte()); break;
            case PickleOpcode.LongBinGet: Recall(BinaryPrimitives.ReadUInt32LittleEndian(ReadBytes(4))); break;
            case PickleOpcode.Global: stack.Push(PyTorchGlobals.Check(new PickleGlobal(ReadLine(), ReadLine()))); break;
            case PickleOpcode.BinPersistentId: stack.Push(PyTorchGlobals.Storage(Pop())); break;
            case PickleOpcode.Reduce: Reduce(); break;
            case PickleOpcode.Build: Build(); break;
            default: throw new InvalidDataException($"opcode 0x{(byte)opcode:x2} is not one that torch.save writes for a state dict");
        }
    }

    private void Reduce()
    {
        object?[] parts = PopSome(2);
        if (parts is not [PickleGlobal callable, object?[] arguments])
            throw new InvalidDataException("something is called that is no known name");
        stack.Push(PyTorchGlobals.Make(callable, arguments));
    }

    /// <summary>The attributes of a state dict (its <c>_metadata</c>) tell module versions, which weights do not need.</summary>
    private void Build()
    {
        Pop();
        if (Peek() is not Dictionary<object, object?>)
            throw new InvalidDataException("attributes are set on something that is no state dict");
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

    private void Recall(
        uint index) => stack.Push(memo.TryGetValue(index, out object? value)
            ? value
            : throw new InvalidDataException($"memo {index} is used before it is set"));

    private void PushTuple(int count) => stack.Push(PopSome(count));

    private object?[] PopSome(int count)
    {
        var values = new object?[count];
        for (int i = count - 1; i >= 0; i--)
            values[i] = Pop();
        return values;
    }

    private object?[] PopToMark()
    {
        var values = new List<object?>();
        while (true)
        {
            if (!stack.TryPop(out object? value))
                throw new InvalidDataException("a mark is missing");
            if (ReferenceEquals(value, MarkObject))
                break;
            values.Add(value);
        }
        values.Reverse();
        return [.. values];
    }

    private object? Pop() => stack.TryPop(out object? value) && !ReferenceEquals(value, MarkObject)
        ? value
        : throw new InvalidDataException("a value is missing");

    private object? Peek() => stack.TryPeek(out object? value) && !ReferenceEquals(value, MarkObject)
        ? value
        : throw new InvalidDataException("a value is missing");

    private byte ReadByte()
    {
        int value = stream.ReadByte();
        return value < 0 ? throw new EndOfStreamException("the pickle ends early") : (byte)value;
    }

    private byte[] ReadBytes(uint count)
    {
        if (count > stream.Length - stream.Position)
            throw new InvalidDataException($"{count} bytes are announced, and {stream.Length - stream.Position} are left");
        byte[] bytes = new byte[count];
        stream.ReadExactly(bytes);
        return bytes;
    }

    private string ReadText(uint bytes) => Encoding.UTF8.GetString(ReadBytes(bytes));

    private string ReadLine()
    {
        const int longest = 256;
        var line = new StringBuilder();
        for (byte next = ReadByte(); next != '\n'; next = ReadByte())
        {
            if (line.Length == longest)
                throw new InvalidDataException($"a name is longer than {longest} bytes");
            line.Append((char)next);
        }
        return line.ToString();
    }

    // PyTorch's magic number has ten bytes; a number that a tensor needs has at most eight.
    private object ReadLong()
    {
        var value = new BigInteger(ReadBytes(ReadByte()));
        return value >= long.MinValue && value <= long.MaxValue ? (long)value : value;
    }
}
