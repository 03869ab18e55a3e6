using System.Diagnostics.Metrics;
using System.Net;
using System.Text;
using System.Text.Json;
using KeypointMl.Cli.Commands;
using KeypointMl.Cli.Running;
using KeypointMl.Imaging.Images;
using KeypointMl.Scoring;

namespace KeypointMl.Cli.Tests;

[TestClass]
public sealed class ScoringObservationTests
{
    [TestMethod]
    public void Metrics_count_frames_rows_failures_and_shards_and_queues_end_empty()
    {
        using TemporaryFolder folder = WithPipeline();
        var sums = new Dictionary<string, double>();
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, listener) =>
            {
                if (instrument.Meter.Name == ScoringMetrics.MeterName)
                    listener.EnableMeasurementEvents(instrument);
            },
        };
        listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Add(instrument, value, tags));
        listener.SetMeasurementEventCallback<int>((instrument, value, tags, _) => Add(instrument, value, tags));
        listener.SetMeasurementEventCallback<double>((instrument, _, tags, _) => Add(instrument, 1, tags));
        listener.Start();

        Invocation.Of("score", folder["p.yaml"], "--job", folder["job"]).Returning(ExitCode.Done);

        Assert.AreEqual(10, sums["keypointml.scoring.frames"]);
        Assert.AreEqual(9, sums["keypointml.scoring.rows ok"]);
        Assert.AreEqual(1, sums["keypointml.scoring.rows failed"]);
        Assert.AreEqual(3, sums["keypointml.scoring.session.duration"]);
        Assert.AreEqual(1, sums["keypointml.scoring.shard.duration"]);
        Assert.AreEqual(0, sums["keypointml.scoring.images.ahead"]);
        Assert.AreEqual(0, sums["keypointml.scoring.batches.waiting"]);

        void Add(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
        {
            string name = tags.Length > 0 ? $"{instrument.Name} {tags[0].Value}" : instrument.Name;
            lock (sums)
                sums[name] = sums.GetValueOrDefault(name) + value;
        }
    }

    [TestMethod]
    public void Json_log_has_an_object_a_line_for_failures_and_shards()
    {
        using TemporaryFolder folder = WithPipeline();

        Invocation call = Invocation.Of("score", folder["p.yaml"], "--job", folder["job"], "--log", "json").Returning(ExitCode.Done);

        JsonElement[] events = [.. call.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => JsonDocument.Parse(line).RootElement)];
        JsonElement failed = events.Single(entry => entry.GetProperty("event").GetString() == "failed");
        Assert.AreEqual(("warning", "3.png", 0),
            (failed.GetProperty("level").GetString(), failed.GetProperty("source").GetString(), failed.GetProperty("frame").GetInt32()));
        JsonElement shard = events.Single(entry => entry.GetProperty("event").GetString() == "shard");
        Assert.AreEqual((0, 10, 1),
            (shard.GetProperty("shard").GetInt32(), shard.GetProperty("frames").GetInt32(), shard.GetProperty("failed").GetInt32()));
    }

    [TestMethod]
    [DataRow("/", "/v1/metrics")]
    [DataRow("/proxy/otlp", "/proxy/otlp/v1/metrics")]
    [DataRow("/proxy/otlp/", "/proxy/otlp/v1/metrics")]
    public async Task Metrics_are_sent_to_a_collector_where_one_is_named(string below, string expected)
    {
        using TemporaryFolder folder = WithPipeline();
        using var collector = new HttpListener();
        string address = $"http://localhost:{FreePort()}/";
        collector.Prefixes.Add(address);
        collector.Start();
        Task<(string Path, string Body)> received = ReceiveAsync(collector);

        Invocation call = await Task.Run(() => Invocation.Of("score", folder["p.yaml"], "--otlp", address + below[1..]));

        call.Returning(ExitCode.SomeInputsFailed);
        (string path, string body) = await received.WaitAsync(TimeSpan.FromSeconds(30));
        Assert.AreEqual(expected, path);
        Assert.Contains("keypointml.scoring.frames", body);
        Assert.Contains(ScoringMetrics.MeterName, body);
    }

    [TestMethod]
    [DataRow("auto", "3/16")]
    [DataRow("1/4", "1/4")]
    [DataRow(null, null)]
    public void Metrics_are_marked_with_the_share_that_auto_is(string? share, string? expected)
    {
        var run = new ScoreJobRun("job", null, share, null, name => name switch
        {
            "JOB_COMPLETION_INDEX" => "3",
            "KEYPOINTML_WORKERS" => "16",
            _ => null,
        });

        Assert.AreEqual(expected, run.ShareName);
    }

    [TestMethod]
    [DataRow("--otlp", "localhost:4318", "expected the http or https address")]
    [DataRow("--log", "xml", "xml")]
    public void Wrong_option_is_wrong_usage(string option, string value, string complaint) =>
        Assert.Contains(complaint, Invocation.Of("score", "p.yaml", option, value).Returning(ExitCode.WrongUsage).Error);

    private static async Task<(string Path, string Body)> ReceiveAsync(HttpListener collector)
    {
        HttpListenerContext call = await collector.GetContextAsync();
        using var body = new MemoryStream();
        await call.Request.InputStream.CopyToAsync(body);
        call.Response.StatusCode = 200;
        call.Response.Close();
        return (call.Request.Url!.AbsolutePath, Encoding.Latin1.GetString(body.ToArray()));
    }

    private static int FreePort()
    {
        using var probe = new System.Net.Sockets.TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        return ((IPEndPoint)probe.LocalEndpoint).Port;
    }

    private static TemporaryFolder WithPipeline()
    {
        var folder = new TemporaryFolder();
        File.WriteAllBytes(folder["detector.onnx"], TestModels.Detector());
        Directory.CreateDirectory(folder["images"]);
        for (int i = 0; i < 10; i++)
            ImageWriter.Write(TestImages.Numbered(i), Path.Combine(folder["images"], $"{i}.png"));
        File.WriteAllText(Path.Combine(folder["images"], "3.png"), "no image");
        File.WriteAllText(folder["p.yaml"],
            $"model: {folder["detector.onnx"]}\ninput: {folder["images"]}\noutput: {folder["p.csv"]}\nbatch: 4\nthreads: 1\ndevice: cpu\n");
        return folder;
    }
}
