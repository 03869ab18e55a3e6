using System.Collections.Immutable;
using KeypointMl.Onnx.Model;
using KeypointMl.Onnx.TorchSharp.Converters;
using KeypointMl.Onnx.TorchSharp.Emitting;
using static TorchSharp.torch;

namespace KeypointMl.Onnx.TorchSharp.Tracing;

/// <summary>
/// Finds out which sizes depend on a run-time size by running: once as given, once more for every run-time size with
/// that size doubled, and once with one more where it is even and the module takes that. A size that stays is fixed; one
/// that follows is named; one that changes otherwise is unknown.
/// </summary>
internal static class SymbolicTrace
{
    /// <summary>Traces a module and names the sizes in the trace.</summary>
    /// <param name="root">The module, in evaluation mode.</param>
    /// <param name="converters">The converters.</param>
    /// <param name="writesSame">Tells whether modules that were made anew in another run have the same options.</param>
    /// <param name="inputs">The example inputs.</param>
    /// <param name="axes">For every input the names of its run-time axes.</param>
    /// <exception cref="OnnxExportException">
    /// The module cannot be traced, calls other modules at another size, computes options of operations from that size,
    /// or two axes of one name differ in size.
    /// </exception>
    public static Trace Run(
        nn.Module root,
        OnnxConverterRegistry converters,
        WritesSame writesSame,
        IReadOnlyList<Tensor> inputs,
        IReadOnlyList<IReadOnlyDictionary<int, string>> axes)
    {
        Trace trace = ModuleTracer.Run(root, converters, inputs);
        var runs = new List<(string Symbol, long Size, long Other, Trace Trace)>();
        TracedValue[] values = [.. trace.Values];
        OnnxDimension[][] dimensions = [.. values.Select(value => value.Dimensions.ToArray())];
        foreach (string symbol in axes.SelectMany(named => named.Values).Distinct())
        {
            long size = SizeOf(symbol, inputs, axes);
            using IDisposable scope = NewDisposeScope();
            Add(2 * size, ModuleTracer.Run(root, converters, Grown(inputs, axes, symbol, size)));
            // What halves a size and doubles it again gives back even ones alone. A module may take no others.
            if (size % 2 == 0 && TryRun(root, converters, Grown(inputs, axes, symbol, 1)) is { } odd)
                Add(size + 1, odd);

            void Add(long grown, Trace other)
            {
                if (!trace.Calls.Select(call => call.Path).SequenceEqual(other.Calls.Select(call => call.Path)))
                {
                    throw new OnnxExportException(
                        $"{TracedCall.Describe(root, "")} calls other modules when size '{symbol}' is {grown} than when it is "
                        + $"{size}. A graph has no such choice: fix that size, or remove the choice.");
                }
                Compare(values, [.. other.Values], dimensions, symbol, size, grown);
                runs.Add((symbol, size, grown, other));
            }
        }
        for (int index = 0; index < values.Length; index++)
            values[index].Dimensions = [.. dimensions[index]];
        foreach ((string symbol, long size, long grown, Trace other) in runs)
            RequireSameOptions(trace, other, writesSame, symbol, size, grown);
        return trace;
    }

    /// <summary>A run; null where the module refuses these inputs, which says nothing about its choices.</summary>
    public static Trace? TryRun(nn.Module root, OnnxConverterRegistry converters, IReadOnlyList<Tensor> inputs)
    {
        try
        {
            return ModuleTracer.Run(root, converters, inputs);
        }
        catch (Exception exception) when (exception is not (OnnxExportException or OutOfMemoryException))
        {
            return null;
        }
    }

    // The inputs with a part of the axes of one name a second time behind them.
    private static Tensor[] Grown(
        IReadOnlyList<Tensor> inputs, IReadOnlyList<IReadOnlyDictionary<int, string>> axes, string symbol, long by) =>
        [.. inputs.Select((input, index) => axes[index].Where(axis => axis.Value == symbol)
            .Aggregate(input, (tensor, axis) => cat([tensor, tensor.narrow(axis.Key, 0, by)], axis.Key)))];

    // Functions are followed as modules made anew in every run, with options that a forward method may compute.
    private static void RequireSameOptions(
        Trace trace, Trace other, WritesSame writesSame, string symbol, long size, long grown)
    {
        if (trace.FirstOfOtherOptions(other, writesSame) is not { } call)
            return;
        throw new OnnxExportException(
            $"{call.Describe()} gets other options when size '{symbol}' is {grown} than when it is {size}: a forward method "
            + "computes them from that size, and a graph would keep those of the example. Give options that hold for every "
            + "size (a factor in place of a size, 0 or −1 for a size that stays or follows, an end counted from the end), "
            + "or fix that size.");
    }

    private static void Compare(
        TracedValue[] values, TracedValue[] others, OnnxDimension[][] dimensions, string symbol, long size, long grown)
    {
        for (int index = 0; index < values.Length; index++)
        {
            ImmutableArray<long> one = values[index].Shape;
            ImmutableArray<long> two = others[index].Shape;
            if (one.Length != two.Length)
            {
                throw new OnnxExportException(
                    $"A tensor has {one.Length} dimensions when size '{symbol}' is {size} and {two.Length} when it is "
                    + $"{grown}: a graph cannot express that. Fix that size.");
            }
            for (int axis = 0; axis < one.Length; axis++)
                dimensions[index][axis] = After(dimensions[index][axis], one[axis], two[axis], symbol, size, grown);
        }
    }

    // What is known of a size when it is one number at the example's size and another, or the same, at the grown size.
    private static OnnxDimension After(OnnxDimension known, long one, long two, string symbol, long size, long grown)
    {
        bool isNamed = known.Symbol == symbol;
        if (one == two)
            return isNamed ? OnnxDimension.Unknown : known;
        bool follows = one == size && two == grown;
        // A size that stayed where the other doubled, and changes with one more, is neither fixed nor the other.
        return follows && (isNamed || (known.IsFixed && grown == 2 * size)) ? symbol : OnnxDimension.Unknown;
    }

    private static long SizeOf(string symbol, IReadOnlyList<Tensor> inputs, IReadOnlyList<IReadOnlyDictionary<int, string>> axes)
    {
        long[] sizes = [.. inputs.SelectMany(
            (input, index) => axes[index].Where(axis => axis.Value == symbol).Select(axis => input.shape[axis.Key])).Distinct()];
        return sizes.Length == 1 && sizes[0] > 0
            ? sizes[0]
            : throw new OnnxExportException(
                $"The example inputs give size '{symbol}' as {string.Join(" and ", sizes)}; "
                + "axes of one name must have one size of at least 1.");
    }
}

/// <summary>Whether another module would write the same nodes for a call.</summary>
/// <param name="call">The call.</param>
/// <param name="other">The module in place of the call's own.</param>
internal delegate bool WritesSame(TracedCall call, nn.Module other);

/// <summary>One example run: what was fed, which modules were called in which order, what came out.</summary>
internal sealed record Trace(IReadOnlyList<TracedValue> Inputs, IReadOnlyList<TracedCall> Calls, IReadOnlyList<TracedValue> Outputs)
{
    /// <summary>Every value in an order that is the same for equal runs.</summary>
    public IEnumerable<TracedValue> Values => Inputs.Concat(Calls.SelectMany(call => call.Inputs.Concat(call.Outputs))).Concat(Outputs);

    /// <summary>The first call of a module that the other run made with other options; null for none.</summary>
    public TracedCall? FirstOfOtherOptions(Trace other, WritesSame writesSame)
    {
        var live = new HashSet<TracedCall>(LiveCalls(), ReferenceEqualityComparer.Instance);
        return Calls.Zip(other.Calls).FirstOrDefault(pair =>
            !ReferenceEquals(pair.First.Module, pair.Second.Module) && live.Contains(pair.First)
            && !writesSame(pair.First, pair.Second.Module)).First;
    }

    /// <summary>The calls that the outputs depend on, in order.</summary>
    public IReadOnlyList<TracedCall> LiveCalls()
    {
        var needed = new HashSet<TracedValue>(Outputs);
        var live = new List<TracedCall>();
        foreach (TracedCall call in Calls.Reverse().Where(call => call.Outputs.Any(needed.Contains)))
        {
            live.Add(call);
            needed.UnionWith(call.Inputs);
        }
        live.Reverse();
        return live;
    }
}
