using KeypointMl.Onnx.TorchSharp.Emitting;
using TorchSharp;
using static TorchSharp.torch;

namespace KeypointMl.Onnx.TorchSharp.Converters;

/// <summary>
/// Options that a TorchSharp module hands to native code and does not show, such as the number of heads of an
/// attention. They are found out by trial: of twins made with every possible option and given the module's weights, one
/// computes what the module computes.
/// </summary>
internal static class HiddenOption
{
    // A twin with the right option runs the same code on the same numbers; one with a wrong option is off by far more.
    private const double Tolerance = 1e-5;

    // Large numbers make attention choose, which shows the heads; small ones make it average, which shows what is appended.
    private static readonly double[] Amplitudes = [3, 0.1];

    /// <summary>Finds the option with which a module was made.</summary>
    /// <param name="context">The call being written.</param>
    /// <param name="module">The module, in evaluation mode.</param>
    /// <param name="what">What the option is, for the error message.</param>
    /// <param name="options">The possible options. If several agree, as when all weights are zero, the first is taken.</param>
    /// <param name="create">Makes a twin.</param>
    /// <param name="run">Runs the module or a twin on a probe of the type and on the device given.</param>
    /// <exception cref="OnnxExportException">No twin computes what the module computes.</exception>
    public static TOption Find<TModule, TOption>(
        OnnxExportContext context, TModule module, string what, IReadOnlyList<TOption> options, Func<TOption, TModule> create,
        Func<TModule, Func<long[], Tensor>, Tensor> run)
        where TModule : nn.Module
    {
        using IDisposable scope = NewDisposeScope();
        using IDisposable quiet = no_grad();
        Tensor parameter = module.parameters().First();
        Tensor wanted = RunAll(module);
        double scale = Math.Max(1, wanted.abs().max().ToDouble());
        // Twins start with random weights, which must not move the random numbers of whoever exports.
        Tensor random = get_rng_state();
        try
        {
            (TOption Option, double Difference)[] trials = [.. options.Select(option => (option, Try(option)))
                .OrderBy(trial => trial.Item2)];
            return trials[0].Difference <= Tolerance * scale
                ? trials[0].Option
                : throw context.Error(
                    $"TorchSharp does not show its {what}, and no {what} computes what the module computes (the nearest is "
                    + $"{trials[0].Option}, off by {trials[0].Difference:G3}). Build it from modules that show their options.");
        }
        finally
        {
            set_rng_state(random);
        }

        Tensor RunAll(TModule any) =>
            cat([.. Amplitudes.Select(
                amplitude => run(any, shape => (Probe(shape) * amplitude).to(parameter.dtype, parameter.device)).flatten())]);

        double Try(TOption option)
        {
            using TModule twin = create(option);
            twin.load_state_dict(module.state_dict());
            twin.to(parameter.dtype);
            twin.to(parameter.device);
            twin.eval();
            return (RunAll(twin) - wanted).abs().max().ToDouble();
        }
    }

    /// <summary>Numbers without a pattern that an option could hide behind.</summary>
    private static Tensor Probe(long[] shape)
    {
        long count = shape.Aggregate(1L, (product, size) => product * size);
        return arange(count, ScalarType.Float32).mul(1.7).add(0.3).sin().reshape(shape);
    }
}
