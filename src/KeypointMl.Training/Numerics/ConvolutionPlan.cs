using KeypointMl.Onnx.TorchSharp.Tracing;
using KeypointMl.Training.Tensors;
using static TorchSharp.torch;

namespace KeypointMl.Training.Numerics;

/// <summary>
/// How every convolution of this process is computed: in the fastest way that the numerics check found right for its
/// shape, on this processor and with these threads. libtorch 2.10 computes wrong gradients on some processors
/// (docs/numerics.md); nothing is trained or exported on numbers that were not checked. Tensors on other devices are
/// not concerned.
/// </summary>
/// <param name="kernel">What computes a convolution.</param>
/// <param name="runtime">What can be changed about it.</param>
/// <param name="cache">Verdicts of earlier processes.</param>
internal sealed class ConvolutionPlan(ConvolutionKernel kernel, INumericsRuntime runtime, NumericsCache cache)
{
    private const string Avx2 = "AVX2";
    private const string Sse41 = "SSE41";

    private readonly Lock gate = new();
    private volatile Dictionary<ConvolutionShape, ConvolutionWay> ways = [];
    private int threads;
    private bool oneDnn = true;

    static ConvolutionPlan() => LibTorchSwitches.UseNnPack(false); // its complaints would fill standard error

    /// <summary>That of this process; tests put another in its place.</summary>
    public static ConvolutionPlan Shared { get; set; } = new(ConvolutionWays.LibTorch, new ProcessRuntime(), NumericsCache.OfUser);

    /// <summary>Notes convolutions instead of computing them, on this thread (<see cref="ConvolutionRehearsal"/>).</summary>
    [field: ThreadStatic]
    public static ConvolutionRehearsal? Rehearsal { get; set; }

    /// <summary>How many convolutions came that no rehearsal had announced; they were checked when they came.</summary>
    public int Unannounced { get; private set; }

    /// <summary>Computes a convolution.</summary>
    /// <exception cref="NumericsException">No way is right.</exception>
    public Tensor Compute(Tensor input, Tensor weight, Tensor? bias, long stride, long padding)
    {
        if (Rehearsal is { } rehearsal)
            return rehearsal.Note(input, weight, bias, stride, padding);
        if (input.device_type != TorchSharp.DeviceType.CPU)
            return kernel(input, weight, bias, (stride, stride), (padding, padding));
        var shape = ConvolutionShape.Of(input, weight, bias, stride, padding);
        if (threads != runtime.Threads || !ways.TryGetValue(shape, out ConvolutionWay way))
            way = Find(shape);
        return way.Compute(kernel, input, weight, bias, stride, padding);
    }

    /// <summary>
    /// Checks convolutions before they are computed, and changes what must be changed of the process for them to be
    /// right.
    /// </summary>
    /// <returns>What was chosen.</returns>
    /// <exception cref="NumericsException">No way is right, or only with another instruction set, in a new process.</exception>
    public NumericsReport Prepare(IReadOnlyCollection<ConvolutionShape> shapes)
    {
        lock (gate)
        {
            UseThreads();
            int asked = threads;
            NumericsFailure? first = TryAll(shapes);
            NumericsFailure? failure = first;
            foreach (Func<IReadOnlyCollection<ConvolutionShape>, NumericsFailure, NumericsFailure?> remedy in Remedies(asked))
            {
                if (failure is null)
                    break;
                failure = remedy(shapes, failure);
            }
            if (failure is not null)
            {
                throw new NumericsException(
                    $"libtorch computes wrong numbers on this processor ({Processor.Current}), in every way that was tried: "
                    + $"{failure}. Train on another machine or on a GPU; "
                    + "'keypointml doctor' shows what was found.");
            }
            return new NumericsReport(
                [.. shapes.Select(shape => (shape, ways[shape]))], asked, threads, runtime.InstructionSet, oneDnn, first);
        }
    }

    /// <summary>
    /// What can be changed of a process, in the order of its cost where it was measured: AVX2 1.3 times the time of
    /// AVX-512, one thread twice that of two, SSE4.1 2.5 times, and without oneDNN 7 times (docs/numerics.md).
    /// </summary>
    private IEnumerable<Func<IReadOnlyCollection<ConvolutionShape>, NumericsFailure, NumericsFailure?>> Remedies(int asked)
    {
        if (NextInstructionSet is Avx2)
            yield return InNewProcess(Avx2);
        if (asked == 2)
            yield return OnOneThread(asked);
        if (NextInstructionSet is Sse41)
            yield return InNewProcess(Sse41);
        if (asked > 2)
            yield return OnOneThread(asked);
        yield return WithoutOneDnn;
    }

    private Func<IReadOnlyCollection<ConvolutionShape>, NumericsFailure, NumericsFailure?> InNewProcess(string instructionSet) =>
        (_, failure) => throw NewProcess(failure, instructionSet);

    private Func<IReadOnlyCollection<ConvolutionShape>, NumericsFailure, NumericsFailure?> OnOneThread(int asked) => (shapes, _) =>
    {
        runtime.Threads = 1;
        UseThreads();
        NumericsFailure? failure = TryAll(shapes);
        if (failure is not null)
        {
            runtime.Threads = asked;
            UseThreads();
        }
        return failure;
    };

    private NumericsFailure? WithoutOneDnn(IReadOnlyCollection<ConvolutionShape> shapes, NumericsFailure failure)
    {
        if (!oneDnn || !runtime.TurnOneDnnOff())
            return failure;
        oneDnn = false;
        ways = [];
        return TryAll(shapes);
    }

    /// <summary>A convolution that no rehearsal has announced.</summary>
    private ConvolutionWay Find(ConvolutionShape shape)
    {
        lock (gate)
        {
            UseThreads();
            Unannounced++;
            if (TryAll([shape]) is { } failure)
            {
                throw NextInstructionSet is { } next
                    ? NewProcess(failure, next)
                    : new NumericsException(
                        $"libtorch computes wrong numbers on this processor ({Processor.Current}): {failure}. "
                        + "'keypointml doctor' shows what was found.");
            }
            return ways[shape];
        }
    }

    /// <returns>What failed in every way, or null.</returns>
    private NumericsFailure? TryAll(IReadOnlyCollection<ConvolutionShape> shapes)
    {
        IReadOnlyDictionary<string, ConvolutionWay?> known = cache.Read(runtime, oneDnn);
        var found = new Dictionary<ConvolutionShape, ConvolutionWay>(ways);
        var verdicts = new Dictionary<string, ConvolutionWay?>();
        NumericsFailure? failure = null;
        foreach (ConvolutionShape shape in shapes.Where(shape => !found.ContainsKey(shape))
            .OrderByDescending(shape => shape.InputGradient || shape.WeightGradient))
        {
            string name = shape.ToString();
            if (Covering(shape, found) is { } covering)
            {
                found[shape] = found[covering]; // also where another way were a little faster without gradients
                continue;
            }
            if (!known.TryGetValue(name, out ConvolutionWay? way))
                verdicts[name] = way = FastestRight(shape);
            if (way is { } right)
                found[shape] = right;
            else
                failure ??= new NumericsFailure(shape, ConvolutionCheck.LargestDifference(shape, ConvolutionWay.Direct, kernel));
        }
        foreach (ConvolutionShape shape in Distrusted(found))
        {
            ConvolutionWay around = ConvolutionWay.Product.Applies(shape, UsesAvx512)
                ? ConvolutionWay.Product
                : found[shape] | ConvolutionWay.Padded;
            if (ConvolutionCheck.Passes(shape, ConvolutionCheck.LargestDifference(shape, around, kernel)))
                verdicts[shape.ToString()] = found[shape] = around;
        }
        if (verdicts.Count > 0)
            cache.Write(runtime, oneDnn, verdicts);
        ways = found;
        return failure;
    }

    /// <summary>
    /// A wrong kernel is right now and then: where libtorch's own was wrong once, no tail is trusted that takes the
    /// same path through oneDNN, which layout and kernel size decide, and of kernels of one pixel none at all.
    /// </summary>
    private static ConvolutionShape[] Distrusted(Dictionary<ConvolutionShape, ConvolutionWay> found)
    {
        var wrong = found.Where(pair => !pair.Value.IsOwn()).Select(pair => Path(pair.Key)).ToHashSet();
        return [.. found.Where(pair => pair.Value.IsOwn() && wrong.Contains(Path(pair.Key))
            && (pair.Key.HasTail || pair.Key is { IsPoint: true, ChannelsLast: true })).Select(pair => pair.Key)];

        static (bool ChannelsLast, bool Point) Path(ConvolutionShape shape) => (shape.ChannelsLast, shape.IsPoint);
    }

    /// <summary>The same convolution, checked with its gradients: the forward pass alone was checked with it.</summary>
    private static ConvolutionShape? Covering(ConvolutionShape shape, Dictionary<ConvolutionShape, ConvolutionWay> found)
    {
        if (shape.InputGradient || shape.WeightGradient)
            return null;
        foreach ((bool input, bool weight) in (ReadOnlySpan<(bool, bool)>)[(true, true), (false, true), (true, false)])
        {
            ConvolutionShape withGradients = shape with { InputGradient = input, WeightGradient = weight };
            if (found.ContainsKey(withGradients))
                return withGradients;
        }
        return null;
    }

    private ConvolutionWay? FastestRight(ConvolutionShape shape)
    {
        foreach (ConvolutionWay way in ConvolutionWays.InOrder.Where(way => way.Applies(shape, UsesAvx512)))
        {
            if (ConvolutionCheck.Passes(shape, ConvolutionCheck.LargestDifference(shape, way, kernel)))
                return way;
        }
        return null;
    }

    private void UseThreads()
    {
        if (threads == runtime.Threads)
            return;
        threads = runtime.Threads;
        ways = [];
    }

    /// <summary>Whether oneDNN computes with AVX-512.</summary>
    private bool UsesAvx512 => NextInstructionSet is Avx2;

    /// <summary>The next lower instruction set that is worth a new process, or null.</summary>
    private string? NextInstructionSet => runtime.InstructionSet switch
    {
        null => runtime.HasAvx512 ? Avx2 : Sse41,
        Sse41 => null,
        { } set when set.StartsWith("AVX512", StringComparison.Ordinal) => Avx2,
        _ => Sse41,
    };

    private NumericsException NewProcess(NumericsFailure failure, string next) => new(
        $"libtorch computes wrong numbers on this processor ({Processor.Current}): {failure}. "
        + $"Set the environment variable {NumericsException.Variable}={next} before the process starts; "
        + "oneDNN reads it once. The keypointml command does so by itself.",
        next);
}
