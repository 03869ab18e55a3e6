using System.Collections.Immutable;
using System.Runtime.InteropServices;
using KeypointMl.Data.Puppets;
using KeypointMl.Imaging.Video;
using KeypointMl.Training.Batches;
using KeypointMl.Training.Export;
using KeypointMl.Training.Models;
using KeypointMl.Training.Numerics;
using KeypointMl.Training.Recipes;
using KeypointMl.Training.Running;
using KeypointMl.Training.Tensors;
using Microsoft.ML.OnnxRuntime;
using static TorchSharp.torch;

namespace KeypointMl.Training.Diagnosis;

/// <summary>Looks at what training and detection need of a machine, tries it, and says what does not work and what to do.</summary>
internal static class Doctor
{
    private const long LittleMemory = 3L << 30;

    /// <summary>Examines this machine. The arithmetic is checked anew, whatever was found earlier: that takes some seconds.</summary>
    /// <param name="threads">How many threads training is to compute with; 0: as many as it does by itself.</param>
    /// <exception cref="NumericsException">
    /// Convolutions are right only with another instruction set, in a new process: examine there.
    /// </exception>
    public static DoctorReport Examine(int threads = 0)
    {
        var problems = ImmutableArray.CreateBuilder<Finding>();
        var advice = ImmutableArray.CreateBuilder<Finding>();
        var versions = ImmutableSortedDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
        versions["keypointml"] = Provenance.VersionOf(typeof(Doctor));
        versions["dotnet"] = Environment.Version.ToString();
        versions["system"] = $"{RuntimeInformation.OSDescription.Trim()}, {RuntimeInformation.RuntimeIdentifier}";

        Training training = ExamineTraining(threads, versions, problems, advice);
        ImmutableArray<string> inference = ExamineInference(versions, problems);
        string? ffmpeg = FfmpegVersion.Find();
        if (ffmpeg is null)
        {
            problems.Add(new Finding("Videos cannot be read or written: there is no ffmpeg on the PATH.",
                new FfmpegNotFoundException("ffmpeg", null).Message));
        }
        long memory = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;
        if (memory < LittleMemory)
        {
            advice.Add(new Finding("There is little memory.",
                "Training cpu-64 takes about 2 GiB; take a smaller training.batch where it ends for lack of memory."));
        }
        if (File.Exists("/proc/driver/nvidia/version")
            && !training.Devices.Any(device => device.StartsWith("cuda", StringComparison.Ordinal)))
        {
            advice.Add(new Finding("An NVIDIA driver is installed, and this build trains on the CPU only.",
                "The installed tool has no CUDA: build from source with -p:KeypointDevice=cuda (docs/platforms.md)."));
        }
        return new DoctorReport
        {
            Processor = Processor.Current,
            Processors = Environment.ProcessorCount,
            Threads = training.Threads,
            MemoryBytes = memory,
            Versions = versions.ToImmutable(),
            NumericsPassed = training.Chosen is not null,
            NumericsChosen = training.Chosen,
            NumericsDetail = training.Detail,
            TrainingDevices = training.Devices,
            InferenceDevices = inference,
            Ffmpeg = ffmpeg,
            Problems = problems.ToImmutable(),
            Advice = advice.ToImmutable(),
        };
    }

    private sealed record Training(ImmutableArray<string> Devices, int Threads, string? Chosen, string Detail);

    private static Training ExamineTraining(
        int asked,
        IDictionary<string, string> versions,
        ImmutableArray<Finding>.Builder problems,
        ImmutableArray<Finding>.Builder advice)
    {
        versions["torchsharp"] = Provenance.VersionOf(typeof(TorchSharp.torch));
        try
        {
            LibTorchNatives.Require();
            if (asked > 0)
                set_num_threads(asked);
            versions["libtorch"] = __version__;
            int threads = get_num_threads();
            NumericsReport numerics = CheckNumerics();
            if (numerics.CostsTime)
            {
                advice.Add(new Finding(
                    numerics.ToString(), "Results are right; training is slower than on another processor (docs/numerics.md)."));
            }
            if (threads < Environment.ProcessorCount / 2)
            {
                advice.Add(new Finding($"Training uses {threads} of {Environment.ProcessorCount} processors.",
                    "Unset OMP_NUM_THREADS, or give --threads."));
            }
            return new Training(Devices(), threads, numerics.Chosen, numerics.ToString());
        }
        catch (NumericsException exception) when (exception.InstructionSet is null)
        {
            problems.Add(new Finding("Training on the CPU computes wrong numbers.", exception.Message));
            return new Training(Devices(), get_num_threads(), null, exception.Message);
        }
        catch (DllNotFoundException exception)
        {
            problems.Add(new Finding(
                $"libtorch cannot be loaded: {exception.GetBaseException().Message.Split('\n')[0].Trim()}",
                "Training needs the natives of this platform beside the program: "
                + "libtorch-cpu-linux-x64, -win-x64 or -osx-arm64, or TorchSharp-cuda-linux or -windows (docs/platforms.md)."));
            return new Training([], 0, null, "not checked: libtorch cannot be loaded");
        }
    }

    /// <summary>The convolutions of the preset <c>cpu-64</c>, on a few synthetic frames.</summary>
    private static NumericsReport CheckNumerics()
    {
        Recipe recipe = Presets.Cpu64 with { Name = "doctor" };
        var dataset = new PuppetDataset(new PuppetOptions
        {
            Width = recipe.Size,
            Height = recipe.Size,
            TrainingVideos = 2,
            FramesPerVideo = 4,
            PriorVideos = 2,
            TestVideos = 1,
            TestFramesPerVideo = 1,
        });
        using TrainingData data = TrainingMethods.OpenData(recipe, dataset);
        var plan = new ConvolutionPlan(ConvolutionWays.LibTorch, new ProcessRuntime(), new NumericsCache(null));
        return plan.Prepare(NumericsCheck.Convolutions(recipe, PuppetDataset.Skeleton, data));
    }

    private static ImmutableArray<string> Devices() =>
        ["cpu", .. Enumerable.Range(0, CudaRuntime.Current.Devices).Select(id => $"cuda:{id}")];

    private static ImmutableArray<string> ExamineInference(IDictionary<string, string> versions, ImmutableArray<Finding>.Builder problems)
    {
        try
        {
            versions["onnxruntime"] = OrtEnv.Instance().GetVersionString();
            string[] providers = OrtEnv.Instance().GetAvailableProviders();
            return [.. new[] { ("CPUExecutionProvider", "cpu"), ("CUDAExecutionProvider", "cuda"),
                ("TensorrtExecutionProvider", "tensorrt") }
                .Where(device => providers.Contains(device.Item1)).Select(device => device.Item2)];
        }
        catch (Exception exception) when (exception is TypeInitializationException or DllNotFoundException or BadImageFormatException
            or EntryPointNotFoundException)
        {
            problems.Add(new Finding(
                $"ONNX Runtime cannot be loaded: {(exception.InnerException ?? exception).Message.Split('\n')[0].Trim()}",
                "Detectors need its natives beside the program: the package Microsoft.ML.OnnxRuntime, or Microsoft.ML.OnnxRuntime.Gpu."));
            return [];
        }
    }
}
