using System.Globalization;
using System.Text.RegularExpressions;

namespace KeypointMl.Data;

/// <summary>
/// Reads the one kind of pickle that a pandas table needs, a list of tuples of texts in protocol 0, as data: marks, texts, tuples, lists and references to what was before.
/// Everything else, above all what would call something, is refused.
/// </summary>
internal static partial class PickledColumns
{
    private const int MaxItems = 100_000;

    private static readonly object Mark = new();

    internal static IReadOnlyList<string[]> Read(string pickle, string where)
    {
        var stack = new List<object>();
        var memory = new Dictionary<string, object>(StringComparer.Ordinal);
        int position = 0;
        while (position < pickle.Length && stack.Count < MaxItems)
        {
            char operation = pickle[position++];
            switch (operation)
            {
                case '(':
                    stack.Add(Mark);
                    break;
                case 'V' or 'S':
                    string text = Line();
                    stack.Add(operation == 'V' ? Unescape(text) : text.Length >= 2 && text[0] is '\'' or '"' ? text[1..^1] : throw Error());
                    break;
                case 't':
                    object[] items = PopToMark();
                    stack.Add(items.All(item => item is string) ? Array.ConvertAll(items, item => (string)item) : throw Error());
                    break;
                case 'l':
                    stack.Add(PopToMark().ToList());
                    break;
                case 'a':
                    object value = Pop();
                    (stack is [.., List<object> list] ? list : throw Error()).Add(value);
                    break;
                case 'p':
                    memory[Line()] = stack is [.., object top] ? top : throw Error();
                    break;
                case 'g':
                    stack.Add(memory.TryGetValue(Line(), out object? remembered) ? remembered : throw Error());
                    break;
                case '.':
                    return Pop() is List<object> columns && columns.All(column => column is string[]) ? [.. columns.Cast<string[]>()] : throw Error();
                default:
                    throw Error();
            }
        }
        throw Error();

        object Pop()
        {
            object top = stack is [.., object last] && last != Mark ? last : throw Error();
            stack.RemoveAt(stack.Count - 1);
            return top;
        }

        object[] PopToMark()
        {
            int mark = stack.LastIndexOf(Mark);
            object[] items = mark >= 0 ? [.. stack.Skip(mark + 1)] : throw Error();
            stack.RemoveRange(mark, stack.Count - mark);
            return items;
        }

        string Line()
        {
            int end = pickle.IndexOf('\n', position);
            string line = end >= 0 ? pickle[position..end] : throw Error();
            position = end + 1;
            return line;
        }

        InvalidDataException Error() => new($"{where}: byte {position}: no list of column names as pandas pickles one.");
    }

    private static string Unescape(string text) => EscapeRegex().Replace(text, match => ((char)int.Parse(match.ValueSpan[2..], NumberStyles.HexNumber, CultureInfo.InvariantCulture)).ToString());

    [GeneratedRegex(@"\\u[0-9a-fA-F]{4}")]
    private static partial Regex EscapeRegex();
}
