using System.Globalization;
using System.Numerics;
using KeypointMl.Data.Formats.Landmarks;

namespace KeypointMl.Data.Formats.Bvh;

/// <summary>Parses a BVH file word by word; every complaint names file and line.</summary>
internal sealed class BvhParser
{
    private const int MaxJoints = 2_000;
    private const int MaxDepth = 200;
    private const long MaxBytes = 512L << 20;

    private readonly string path;
    private readonly string[] lines;
    private readonly List<BvhJoint> joints = [];
    private string[] words = [];
    private int line;
    private int word;
    private int channels;

    internal BvhParser(string path)
    {
        this.path = path;
        var info = new FileInfo(path);
        if (!info.Exists)
            throw new FileNotFoundException($"There is no file {path}.", path);
        if (info.Length > MaxBytes)
            throw new InvalidDataException($"{path}: byte {MaxBytes}: the file has {info.Length:N0} bytes; the limit is {MaxBytes:N0}.");
        lines = File.ReadAllLines(path);
    }

    internal BvhMotion Parse()
    {
        Expect("HIERARCHY");
        while (Peek() == "ROOT")
        {
            Next();
            ParseJoint(Next(), -1, 0);
        }
        if (joints.Count == 0)
            throw Error("there is no ROOT");
        Expect("MOTION");
        Expect("Frames:");
        int count = int.TryParse(Next(), NumberStyles.None, CultureInfo.InvariantCulture, out int frames) && frames > 0
            ? frames
            : throw Error("the number of frames is no whole number of at least 1");
        Expect("Frame");
        Expect("Time:");
        float seconds = Number();
        if (word < words.Length)
            throw Error($"'{TextNumbers.Shorten(words[word])}' follows the frame time on its line");
        return new BvhMotion(path, joints, ParseFrames(count), seconds);
    }

    private List<float[]> ParseFrames(int count)
    {
        var frames = new List<float[]>();
        for (int frame = 0; frame < count; frame++)
        {
            // A frame is a line, which tells a missing number at once from one of the next frame.
            string text = NextLine() ?? throw Error($"the file ends after {frame} of {count} frames");
            string[] numbers = TextNumbers.Words(text);
            if (numbers.Length != channels)
                throw Error($"frame {frame} has {numbers.Length} numbers; the joints have {channels} channels");
            frames.Add(Array.ConvertAll(numbers, number => TextNumbers.Finite(number, path, line)));
        }
        return NextLine() is null ? frames : throw Error($"something follows after {count} frames");
    }

    private void ParseJoint(string name, int parent, int depth)
    {
        if (joints.Count >= MaxJoints || depth > MaxDepth)
            throw Error($"more than {MaxJoints} joints, or nested deeper than {MaxDepth}");
        Expect("{");
        Expect("OFFSET");
        var offset = new Vector3(Number(), Number(), Number());
        BvhChannel[] own = [];
        int first = channels;
        if (Peek() == "CHANNELS")
        {
            Next();
            int count = int.TryParse(Next(), NumberStyles.None, CultureInfo.InvariantCulture, out int number)
                && number is >= 0 and <= 6 ? number : throw Error("the number of channels is not 0 to 6");
            own = [.. Enumerable.Range(0, count).Select(_ => Channel())];
            channels += count;
        }
        if (joints.Exists(joint => joint.Name == name))
            throw Error($"joint '{TextNumbers.Shorten(name)}' stands twice");
        int index = joints.Count;
        joints.Add(new BvhJoint(name, parent, offset, own, first));
        while (Peek() != "}")
        {
            switch (Next())
            {
                case "JOINT":
                    ParseJoint(Next(), index, depth + 1);
                    break;
                case "End":
                    Expect("Site");
                    ParseJoint($"{name}_end", index, depth + 1);
                    break;
                case string other:
                    throw Error($"'{TextNumbers.Shorten(other)}' stands where JOINT, End Site or '}}' is expected");
            }
        }
        Next();
    }

    private BvhChannel Channel()
    {
        string name = Next();
        return Enum.TryParse(name, out BvhChannel channel) && Enum.IsDefined(channel) && char.IsLetter(name[0])
            ? channel
            : throw Error($"'{TextNumbers.Shorten(name)}' is no channel");
    }

    private float Number() => TextNumbers.Finite(Next(), path, line);

    private void Expect(string expected)
    {
        string found = Next();
        if (found != expected)
            throw Error($"'{TextNumbers.Shorten(found)}' stands where '{expected}' is expected");
    }

    private string Next()
    {
        string next = Peek();
        word++;
        return next;
    }

    private string Peek()
    {
        while (word == words.Length)
        {
            words = TextNumbers.Words(NextLine() ?? throw Error("the file ends too early"));
            word = 0;
        }
        return words[word];
    }

    private string? NextLine()
    {
        while (line < lines.Length)
        {
            string text = lines[line++];
            if (!string.IsNullOrWhiteSpace(text))
                return text;
        }
        return null;
    }

    private InvalidDataException Error(string message) => TextNumbers.Error(path, Math.Max(line, 1), message);
}
