using System.Buffers.Binary;
using System.Diagnostics;
using System.Text;
using KeypointMl.Onnx.Inspection;
using KeypointMl.Onnx.Model;

namespace KeypointMl.Testing;

/// <summary>
/// The official checker of the ONNX project (Python's <c>onnx.checker</c>, with its full check) as a judge of ours. One
/// child process serves a whole test run: it reads a command letter, a length and that many bytes, and answers with a
/// length and text. Where Python or onnx is missing nothing is checked, and one test says so.
/// </summary>
internal static class OfficialChecker
{
    private const string Script = """
        import sys, struct, json
        import onnx, onnx.checker, onnx.defs, onnx.shape_inference
        source, sink = sys.stdin.buffer, sys.stdout.buffer
        sys.stdout = sys.stderr

        def answer(text):
            data = text.encode('utf-8', 'replace')
            sink.write(struct.pack('<i', len(data)) + data)
            sink.flush()

        def parameters(formals):
            return [[p.name, str(p.option).split('.')[-1], not p.isHomogeneous, p.typeStr] for p in formals]

        def schemas():
            return json.dumps([dict(
                name=s.name, since=s.since_version, deprecated=s.deprecated, min_inputs=s.min_input, min_outputs=s.min_output,
                inputs=parameters(s.inputs), outputs=parameters(s.outputs),
                attributes=[[a.name, str(a.type).split('.')[-1], a.required] for a in s.attributes.values()],
                types={c.type_param_str: list(c.allowed_type_strs) for c in s.type_constraints})
                for s in onnx.defs.get_all_schemas_with_history() if s.domain == ''])

        def check(data):
            try:
                model = onnx.load_model_from_string(data)
                newest = max([o.version for o in model.opset_import if o.domain in ('', 'ai.onnx')], default=0)
                if newest > onnx.defs.onnx_opset_version() or model.ir_version > onnx.IR_VERSION:
                    return 'skipped'
                onnx.checker.check_model(data, full_check=True)
                return 'valid'
            except Exception as fault:
                return 'invalid ' + str(fault)

        def infer(data):
            graph = onnx.shape_inference.infer_shapes(onnx.load_model_from_string(data), check_type=True, strict_mode=True).graph
            known = []
            for value in list(graph.value_info) + list(graph.output):
                tensor = value.type.tensor_type
                sizes = [size.dim_value if size.HasField('dim_value') else size.dim_param or None for size in tensor.shape.dim] if tensor.HasField('shape') else None
                known.append([value.name, tensor.elem_type, sizes])
            return json.dumps(known)

        answer(f'{onnx.__version__} {onnx.defs.onnx_opset_version()}')
        while True:
            head = source.read(5)
            if len(head) < 5:
                break
            data = source.read(struct.unpack('<i', head[1:])[0])
            answer(schemas() if head[:1] == b'S' else infer(data) if head[:1] == b'I' else check(data))
        """;

    private static readonly Lock Gate = new();
    private static Process? process;
    private static bool isMissing;

    /// <summary>Whether it is installed.</summary>
    public static bool IsAvailable
    {
        get
        {
            lock (Gate)
                return Start() is not null;
        }
    }

    /// <summary>Its version; empty where it is not installed.</summary>
    public static string Version { get; private set; } = "";

    /// <summary>The newest opset that it knows.</summary>
    public static int NewestOpset { get; private set; }

    /// <summary>How many models it has judged.</summary>
    public static int Judged { get; private set; }

    /// <summary>How many models it could not judge because they are newer than it.</summary>
    public static int Skipped { get; private set; }

    /// <summary>Judges a model.</summary>
    public static OfficialVerdict Check(ReadOnlySpan<byte> model)
    {
        lock (Gate)
        {
            if (Start() is not { } process)
                return new OfficialVerdict(false, null);
            // On some broken models it crashes, which is no verdict; the next one gets a new process.
            string answer = Ask(process, 'C', model) ?? "crashed";
            bool isChecked = answer is not ("skipped" or "crashed");
            (Judged, Skipped) = isChecked ? (Judged + 1, Skipped) : (Judged, Skipped + 1);
            return new OfficialVerdict(isChecked, !isChecked || answer == "valid" ? null : answer);
        }
    }

    /// <summary>The specification of all standard operators as it knows them, as JSON; null where it is not installed.</summary>
    public static string? Schemas()
    {
        lock (Gate)
            return Start() is { } process ? Ask(process, 'S', []) : null;
    }

    /// <summary>
    /// What it infers of a sound model's values, as JSON: name, element type, and sizes, names of sizes and nulls; null
    /// where it is not installed.
    /// </summary>
    public static string? Infer(ReadOnlySpan<byte> model)
    {
        lock (Gate)
            return Start() is { } process ? Ask(process, 'I', model) : null;
    }

    /// <summary>Asserts that the official checker finds a model valid exactly where ours does.</summary>
    public static void AssertAgrees(OnnxModel model)
    {
        OfficialVerdict verdict = Check(model.ToArray());
        if (!verdict.IsChecked)
            return;
        IReadOnlyList<string> problems = OnnxChecker.Check(model);
        Assert.AreEqual(verdict.IsValid, problems.Count == 0,
            $"The official checker says: {verdict.Fault ?? "valid"}. Ours says: "
            + $"{(problems.Count == 0 ? "valid" : string.Join(" | ", problems))}");
    }

    private static Process? Start()
    {
        if (OfficialChecker.process is { HasExited: false } || isMissing)
            return OfficialChecker.process;
        // Debian's package serves Debian's interpreter, which another one may hide.
        foreach (string python in (string[])["/usr/bin/python3", "python3", "python"])
        {
            if (TryStart(python) is not { } process)
                continue;
            OfficialChecker.process = process;
            AppDomain.CurrentDomain.ProcessExit += (_, _) => process.Kill();
            return process;
        }
        isMissing = true;
        return null;
    }

    private static Process? TryStart(string python)
    {
        var start = new ProcessStartInfo(python, ["-c", Script])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        try
        {
            Process process = Process.Start(start)!;
            // Warnings nobody reads would fill the pipe and stop it.
            process.ErrorDataReceived += (_, _) => { };
            process.BeginErrorReadLine();
            if (Answer(process) is { } hello)
            {
                (Version, NewestOpset) =
                    (hello.Split(' ')[0], int.Parse(hello.Split(' ')[1], System.Globalization.CultureInfo.InvariantCulture));
                return process;
            }
            process.WaitForExit();
            process.Dispose();
        }
        catch (System.ComponentModel.Win32Exception)
        {
            // There is no such interpreter.
        }
        return null;
    }

    private static string? Ask(Process process, char command, ReadOnlySpan<byte> content)
    {
        Stream input = process.StandardInput.BaseStream;
        Span<byte> head = stackalloc byte[5];
        head[0] = (byte)command;
        BinaryPrimitives.WriteInt32LittleEndian(head[1..], content.Length);
        try
        {
            input.Write(head);
            input.Write(content);
            input.Flush();
            if (Answer(process) is { } answer)
                return answer;
        }
        catch (IOException)
        {
            // It ended while it was written to.
        }
        process.WaitForExit();
        return null;
    }

    // Null where the process ended instead.
    private static string? Answer(Process process)
    {
        Stream output = process.StandardOutput.BaseStream;
        Span<byte> head = stackalloc byte[4];
        if (output.ReadAtLeast(head, 4, throwOnEndOfStream: false) < 4)
            return null;
        byte[] text = new byte[BinaryPrimitives.ReadInt32LittleEndian(head)];
        output.ReadExactly(text);
        return Encoding.UTF8.GetString(text);
    }
}
