using System.Text.RegularExpressions;
using KeypointMl.Training.Tensors;

namespace KeypointMl.Training.Tests;

/// <summary>What the compiler does not see: in this library a tensor is made on a device that is named, and read in one place.</summary>
[TestClass]
public sealed partial class FactoryConventionTests
{
    /// <summary>Files in which a call may name no device, and why.</summary>
    private static readonly Dictionary<string, string> WithoutDevice = new()
    {
        ["ImageTensors.cs"] = "frombuffer has no such parameter: it wraps memory of the host",
    };

    /// <summary>Files that read tensors, and why they may.</summary>
    private static readonly Dictionary<string, string> Readers = new()
    {
        ["DeviceReads.cs"] = "it is that place",
        ["SafetensorsBridge.cs"] = "a checkpoint is written from the host",
        ["CheckpointTensors.cs"] = "a checkpoint is read on the CPU",
        ["ConvolutionCheck.cs"] = "it checks the processor",
        ["ModelExporter.cs"] = "models are exported on the CPU",
    };

    [TestMethod]
    public void Factories_name_the_device()
    {
        var found = new List<string>();
        foreach (string path in Sources().Where(path => !WithoutDevice.ContainsKey(Path.GetFileName(path))))
        {
            string source = Comment().Replace(File.ReadAllText(path), "");
            foreach (Match call in Factory().Matches(source))
            {
                string arguments = Arguments(source, call.Index + call.Length);
                if (!DeviceArgument().IsMatch(arguments))
                    found.Add($"{Path.GetFileName(path)}:{source.AsSpan(0, call.Index).Count('\n') + 1}: {call.Value}{arguments})");
            }
        }
        Assert.AreEqual(0, found.Count, $"name the device of these tensors (device: …):\n{string.Join('\n', found)}");
    }

    [TestMethod]
    public void Tensors_are_read_in_one_place()
    {
        string[] found =
        [
            .. Sources().Where(path => !Readers.ContainsKey(Path.GetFileName(path)))
                .SelectMany(path => File.ReadLines(path).Select((line, i) => (path, line, i)))
                .Where(entry => Read().IsMatch(entry.line))
                .Select(entry => $"{Path.GetFileName(entry.path)}:{entry.i + 1}: {entry.line.Trim()}"),
        ];
        Assert.AreEqual(0, found.Length, $"read these through {nameof(DeviceReads)}:\n{string.Join('\n', found)}");
    }

    private static IEnumerable<string> Sources() =>
        Directory.EnumerateFiles(RepositoryFiles.Path("src/KeypointMl.Training"), "*.cs", SearchOption.AllDirectories)
        .Where(path => !path.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}"));

    /// <summary>The text up to the bracket that closes a call.</summary>
    private static string Arguments(string source, int start)
    {
        int open = 1;
        int end = start;
        for (; open > 0; end++)
            open += source[end] switch { '(' => 1, ')' => -1, _ => 0 };
        return source[start..(end - 1)];
    }

    // new_… and …_like take the device of the tensor that they are given.
    [GeneratedRegex(@"(?<![\w.])(?:torch\.)?(zeros|ones|empty|tensor|as_tensor|linspace|logspace|arange|full|eye|rand|randn|randint|randperm|from_array|frombuffer)\(")]
    private static partial Regex Factory();

    [GeneratedRegex("//.*")]
    private static partial Regex Comment();

    [GeneratedRegex(@"\bdevice: |\bDeviceTensors\.Cpu\b")]
    private static partial Regex DeviceArgument();

    [GeneratedRegex(@"\.(item|data)<|\.cpu\(\)|\.ToSingle\(\)|\.ToDouble\(\)|clip_grad_norm_\(.*\) is")]
    private static partial Regex Read();
}
