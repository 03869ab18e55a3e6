using KeypointMl.Cli.Running;

namespace KeypointMl.Cli.Tests;

[TestClass]
public sealed class UsageTests
{
    [TestMethod]
    [DataRow("--shard: The share '2/2'", "score", "--job", "j", "--shard", "2/2")]
    [DataRow("--shard: The share '3'", "score", "--job", "j", "--shard", "3")]
    [DataRow("--frames is 0; expected 1", "postprocess", "--run", "r", "--frames", "0")]
    [DataRow("--ridge is -1; expected 0", "postprocess", "--run", "r", "--ridge=-1")]
    [DataRow("--size is 2000; expected 16 to 1024", "data", "preview", "puppets", "--out", "p.png", "--size", "2000")]
    [DataRow("'bash' 'zsh'", "completion", "tcsh")]
    [DataRow("--job is empty", "score", "--job", "")]
    [DataRow("--input is empty", "score", "--model", "m.onnx", "--out", "p.csv", "--input", "")]
    [DataRow("RUN is empty", "report", "")]
    [DataRow("--json is 'nowhere/m.json', but there is no folder", "eval", "--model", "m.onnx", "--data", "puppets", "--json", "nowhere/m.json")]
    public void Value_that_cannot_be_is_wrong_usage(string expected, params string[] arguments)
    {
        string error = Invocation.Of(arguments).Returning(ExitCode.WrongUsage).Error;

        Assert.Contains(expected, error);
        Assert.DoesNotContain("\\", error);
    }

    [TestMethod]
    [DataRow(ExitCode.WrongUsage, "nonsense")]
    [DataRow(ExitCode.Failed, "data", "convert", "nowhere.csv", "x.csv")]
    public void Messages_that_nobody_can_have_change_no_exit_code(int expected, params string[] arguments)
    {
        using var output = new StringWriter();
        using var disk = new FullStream();
        using var full = new StreamWriter(disk) { AutoFlush = true };
        disk.IsFull = true;

        Assert.AreEqual(expected, CommandLine.Run(arguments, output, full));
        disk.IsFull = false;
    }

    private sealed class FullStream : MemoryStream
    {
        public bool IsFull { get; set; }

        public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

        public override void Write(ReadOnlySpan<byte> buffer) => Flush();

        public override void Flush()
        {
            if (IsFull)
                throw new IOException("No space left on device");
        }
    }

    [TestMethod]
    [DataRow("trian", "Did you mean 'train'?")]
    [DataRow("score --modle m.onnx", "Did you mean '--model'?")]
    [DataRow("scor", "scor")]
    [DataRow("train recipe.yaml", "--out")]
    [DataRow("train recipe.yaml --out run --checkpoint training-00000500", "--checkpoint needs --resume")]
    [DataRow("distill --run r --out o --checkpoint training-00000500", "--checkpoint needs --resume")]
    [DataRow("experiment e --out o --devices cpu,cdua", "--devices has 'cdua'; expected cpu or cuda:ID")]
    [DataRow("experiment e --out o --devices cpu, ", "--devices has ''")]
    [DataRow("experiment e --out o --devices cpu --table", "leave --devices out")]
    [DataRow("new --out o --images i --prior p.csv --count 2", "--count and --size are for subjects that are looked for")]
    [DataRow("new --out o --videos v.mp4 --whole-frames --size 64 --prior p.csv", "--count and --size are for subjects")]
    [DataRow("score --model m --input i --output p.csv --batch 8 --batch 16", "--batch")]
    [DataRow("score --model m --input i --output p.csv --device cpu --device gpu", "--device")]
    [DataRow("score", "missing: --model, --input, --output")]
    [DataRow("score --model m.onnx --output p.csv", "missing: --input")]
    [DataRow("score p.yaml --model m.onnx", "leave out --model")]
    [DataRow("score --model m --input i --output p.csv --step 0", "--step is 0; expected 1 or more")]
    [DataRow("score --model m --input i --output p.csv --batch 4000", "--batch is 4000; expected at most 1024")]
    [DataRow("score --model m --input i --output p.csv --device gpu", "--device is 'gpu'; expected auto, cpu or cuda:ID")]
    [DataRow("score --model m --input i --output p.csv --threads -1", "--threads is -1; expected 0 or more")]
    [DataRow("score --model m --input i --output p.csv --threads two", "two")]
    [DataRow("score --model m --input i --output p.csv --threads 2147483647", "--threads is 2147483647; expected 1024 or fewer")]
    [DataRow("export --run r --out o --precision fp8", "--precision has 'fp8'; expected 'fp32' or 'fp16' or 'int8'.")]
    [DataRow("export --run r --out o --what detector,generator --precision int8", "--precision int8 is for detectors")]
    [DataRow("export --run r --out o --what detector,encoder", "--what has 'encoder'; expected 'detector' or 'generator'")]
    [DataRow("find v.mp4", "--out")]
    [DataRow("find v.mp4 --out /", "--out is '/', which is a folder")]
    [DataRow("find v.mp4 --out no/such/b.csv", "--out is 'no/such/b.csv', but there is no folder")]
    [DataRow("find v.mp4 --out b.csv --sheet s.gif", "--sheet is 's.gif'; expected a name that ends in .png or .jpg or .jpeg.")]
    [DataRow("find v.mp4 --out b.csv --overlay o.avi", "--overlay is 'o.avi'; expected a name that ends in .mp4.")]
    [DataRow("find v.mp4 --out b.csv --events ./b.csv", "are one file")]
    [DataRow("review p.csv --out r.html --csv r.html", "are one file")]
    [DataRow("review p.csv --out no/such/r.html", "--out is 'no/such/r.html', but there is no folder")]
    [DataRow("data preview m.yaml --out p.txt", "--out is 'p.txt'; expected a name that ends in .png")]
    [DataRow("prior draw t.csv --out p.csv --preview p.gif", "--preview is 'p.gif'; expected a name that ends in .png")]
    [DataRow("prior build r.yaml --out p.csv --preview p.gif", "--preview is 'p.gif'; expected a name that ends in .png")]
    [DataRow("prior build r.yaml --out p.txt", "--out is 'p.txt'; expected a name that ends in .csv.")]
    [DataRow("prior draw t.csv --out no/such/p.csv", "--out is 'no/such/p.csv', but there is no folder")]
    [DataRow("prior build r.yaml --out p.csv --threads 2", "'--threads'")]
    [DataRow("data check puppets --threads 2", "'--threads'")]
    [DataRow("verify job --threads 2", "'--threads'")]
    [DataRow("review p.csv --out r.html --threads 2", "'--threads'")]
    [DataRow("find v.mp4 --out b.csv --threads -1", "--threads is -1; expected 0 or more")]
    [DataRow("new / --images i --prior p.csv", "OUT is '/', which gives no name for the project")]
    [DataRow("export --run r --out o --what generator --postprocess", "--postprocess is for detectors")]
    [DataRow("find v.mp4 --out b.csv --count 0", "--count is 0; expected 1 to 100")]
    [DataRow("find v.mp4 --out b.csv --size 2", "--size is 2; expected 4 to 1000000")]
    [DataRow("quickstart --minutes 0", "--minutes is 0; expected 0.5 or more")]
    [DataRow("quickstart --minutes NaN", "--minutes is NaN; expected a finite number, 0.5 or more")]
    [DataRow("quickstart --minutes Infinity", "--minutes is Infinity; expected a finite number, 0.5 or more")]
    [DataRow("postprocess --run r --ridge Infinity", "--ridge is Infinity; expected a finite number, 0 or more")]
    [DataRow("new o --images i --prior p.csv --min-score NaN", "--min-score is NaN; expected a finite number, 0 or more")]
    [DataRow("--threads 2 data list", "'--threads'")]
    [DataRow("score --model m --input i --output p.xyz", "--output: The output 'p.xyz' has the extension '.xyz'; expected one of .parquet")]
    [DataRow("score --model m --input i --output /", "--output: The output '/'")]
    [DataRow("merge j --output p.csv --output p.xyz", "--output: The output 'p.xyz' has the extension '.xyz'")]
    [DataRow("data check puppets --strict --files-only", "--strict is about the comparison that --files-only leaves out")]
    [DataRow("data preview puppets --out p.png --prior-only --split test", "--split is for labelled frames, and --prior-only draws none")]
    [DataRow("find v.mp4 --out b.csv --count 2 --max-gap 9", "With --count no track ends: leave --max-gap out.")]
    [DataRow("score --model m --input i --output p.csv --find --count 2 --max-gap 9", "With --count no track ends")]
    [DataRow("data", "Required command was not provided")]
    public void Wrong_usage_returns_2_and_says_what_is_wrong(string line, string complaint)
    {
        Invocation call = Invocation.Of(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)).Returning(ExitCode.WrongUsage);

        Assert.Contains(complaint, call.Error);
        Assert.Contains("--help", call.Error);
        Assert.AreEqual("", call.Out);
    }

    [TestMethod]
    [DataRow("--help", "quickstart")]
    [DataRow("score --help", "--overlays")]
    [DataRow("data preview --help", "--data-root")]
    public void Help_returns_0_and_names_the_options(string line, string expected) =>
        Assert.Contains(expected, Invocation.Of(line.Split(' ')).Returning(ExitCode.Done).Out);

    [TestMethod]
    public void Bare_call_returns_0_and_prints_the_help_under_the_commands_own_name()
    {
        Invocation call = Invocation.Of().Returning(ExitCode.Done);

        Assert.Contains("keypointml [command]", call.Out);
        Assert.Contains("quickstart", call.Out);
        Assert.Contains("--version", call.Out);
    }

    [TestMethod]
    public void Word_that_is_like_none_gets_no_suggestion() =>
        Assert.DoesNotContain("Did you mean", Invocation.Of("frobnicate").Returning(ExitCode.WrongUsage).Error);

    [TestMethod]
    public void Failure_is_one_paragraph_and_verbose_adds_the_stack_trace()
    {
        using var folder = new TemporaryFolder();
        string[] line = ["score", "--model", folder["none.onnx"], "--input", folder["none"], "--output", folder["p.csv"]];

        Invocation brief = Invocation.Of(line).Returning(ExitCode.Failed);
        Invocation verbose = Invocation.Of([.. line, "--verbose"]).Returning(ExitCode.Failed);

        Assert.StartsWith($"keypointml: There is no input '{folder["none"]}'", brief.Error);
        Assert.HasCount(1, brief.Error.Trim().Split('\n'));
        Assert.Contains("   at ", verbose.Error);
    }

    [TestMethod]
    public void Stopped_before_it_began_returns_1_and_says_so()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllBytes(folder["detector.onnx"], TestModels.Detector());
        File.WriteAllText(folder["list.txt"], "a.png\n");

        Invocation call = Invocation.Of(new CancellationToken(canceled: true), "score", "--model", folder["detector.onnx"], "--input",
            folder["list.txt"], "--output", folder["p.csv"]).Returning(ExitCode.Failed);

        Assert.Contains("Stopped", call.Error);
        Assert.IsFalse(File.Exists(folder["p.csv"]));
    }

    [TestMethod]
    [DataRow("--overlays", "score", "--model", "m", "--input", "i", "--output", "p.csv")]
    [DataRow("--out", "export", "--run", "r")]
    [DataRow("--out", "plan", "p.yaml")]
    [DataRow("--out", "experiment", "table4-small")]
    public void Folder_that_is_a_file_is_wrong_usage(string option, params string[] line)
    {
        using var folder = new TemporaryFolder();
        string file = folder.Write("notes.txt", "mine");

        Assert.Contains($"{option} is '{file}', which is a file; expected a folder.",
            Invocation.Of([.. line, option, file]).Returning(ExitCode.WrongUsage).Error);
    }

    [TestMethod]
    public void Verb_that_looks_at_no_token_is_ended_while_it_works()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["pose.csv"], "nose_x,nose_y,neck_x,neck_y,tail_x,tail_y\n5,1,5,5,5,9\n");
        using var stop = new CancellationTokenSource();
        using var goesOn = new ManualResetEventSlim();
        using var output = new StringWriter();
        using var error = new HoldingWriter(stop, goesOn);

        int code = CommandLine.Run(["prior", "draw", folder["pose.csv"], "--out", folder["prior.csv"]], output, error, stop.Token);

        Assert.AreEqual(ExitCode.Failed, code);
        Assert.Contains("Stopped before it was done", error.ToString());
        Assert.IsFalse(File.Exists(folder["prior.csv"]));
        // In a process of its own this would be its end; here it goes on, and its last file says when it is done.
        goesOn.Set();
        Assert.IsTrue(SpinWait.SpinUntil(() => File.Exists(folder["prior.skeleton.yaml"]), TimeSpan.FromMinutes(1)));
    }

    // At the first message somebody presses Ctrl-C, and whoever wrote it is held until the test lets him go.
    private sealed class HoldingWriter(CancellationTokenSource stop, ManualResetEventSlim goesOn) : StringWriter
    {
        private int messages;

        public override void WriteLine(string? value)
        {
            base.WriteLine(value);
            if (Interlocked.Increment(ref messages) > 1)
                return;
            stop.Cancel();
            goesOn.Wait();
        }
    }
}
