using System.Collections.Immutable;
using KeypointMl.Onnx.TorchSharp.Emitting;
using static TorchSharp.torch;

namespace KeypointMl.Onnx.TorchSharp.Converters;

/// <summary>
/// Which converter serves which module type. A converter serves exactly its type: a class derived from it may compute
/// something else, and needs its own. Immutable: <see cref="With{TModule}(OnnxConverter{TModule})"/> gives a new
/// registry.
/// </summary>
public sealed class OnnxConverterRegistry
{
    private readonly ImmutableDictionary<Type, OnnxConverter<nn.Module>> converters;
    private readonly ImmutableDictionary<Type, Func<nn.Module<Tensor, Tensor>, Tensor, Tensor>> forwards;

    private OnnxConverterRegistry(
        ImmutableDictionary<Type, OnnxConverter<nn.Module>> converters,
        ImmutableDictionary<Type, Func<nn.Module<Tensor, Tensor>, Tensor, Tensor>> forwards)
    {
        this.converters = converters;
        this.forwards = forwards;
    }

    /// <summary>No converters at all.</summary>
    public static OnnxConverterRegistry Empty { get; } = new(
        ImmutableDictionary<Type, OnnxConverter<nn.Module>>.Empty,
        ImmutableDictionary<Type, Func<nn.Module<Tensor, Tensor>, Tensor, Tensor>>.Empty);

    /// <summary>
    /// The converters of TorchSharp's own modules. Which ONNX operators each becomes, at which opset, and which options
    /// it refuses: docs/onnx-coverage.md.
    /// </summary>
    public static OnnxConverterRegistry BuiltIn { get; } = BuiltInConverters.AddTo(Empty);

    /// <summary>
    /// TorchSharp's own modules that no graph can hold, each with the reason, which ends with the way out where there
    /// is one.
    /// </summary>
    public static IReadOnlyDictionary<Type, string> WithoutCounterpart => ModulesWithoutCounterpart.Reasons;

    /// <summary>The module types that have a converter, by name.</summary>
    public IEnumerable<Type> ModuleTypes => converters.Keys.OrderBy(type => type.Name, StringComparer.Ordinal);

    /// <summary>
    /// The module types that have another forward
    /// (<see cref="WithForward(Type, Func{nn.Module{Tensor, Tensor}, Tensor, Tensor})"/>), by name.
    /// </summary>
    public IEnumerable<Type> ForwardTypes => forwards.Keys.OrderBy(type => type.Name, StringComparer.Ordinal);

    /// <summary>A registry with one more converter, or with another one for a type.</summary>
    /// <typeparam name="TModule">The module type: exactly this, not types derived from it.</typeparam>
    /// <param name="converter">Its converter. The tracer does not look inside a module that has one.</param>
    public OnnxConverterRegistry With<TModule>(OnnxConverter<TModule> converter)
        where TModule : nn.Module
    {
        ArgumentNullException.ThrowIfNull(converter);
        return new OnnxConverterRegistry(
            converters.SetItem(typeof(TModule), (context, module, inputs) => converter(context, (TModule)module, inputs)), forwards);
    }

    /// <summary>A registry with one more converter of a module of one input and one output.</summary>
    /// <typeparam name="TModule">The module type: exactly this, not types derived from it.</typeparam>
    /// <param name="converter">From the context, the module and the name of its input to the name of its output.</param>
    public OnnxConverterRegistry With<TModule>(Func<OnnxExportContext, TModule, string, string> converter)
        where TModule : nn.Module
    {
        ArgumentNullException.ThrowIfNull(converter);
        return With<TModule>((context, module, inputs) => [converter(context, module, inputs[0])]);
    }

    /// <summary>
    /// A registry with another forward for a module type that cannot be changed and whose own forward uses operations
    /// that the tracer cannot see: one that calls the same inner modules
    /// and, between them, operation modules or <see cref="Functional"/>. Exports run both, and refuse a module for which they differ.
    /// </summary>
    /// <typeparam name="TModule">The module type: exactly this, not types derived from it. A converter of the type goes before.</typeparam>
    /// <param name="forward">From the module, whose inner modules are its <c>named_children</c>, and its argument to its result.</param>
    public OnnxConverterRegistry WithForward<TModule>(Func<TModule, Tensor, Tensor> forward)
        where TModule : nn.Module<Tensor, Tensor>
    {
        ArgumentNullException.ThrowIfNull(forward);
        return WithForward(typeof(TModule), (module, argument) => forward((TModule)module, argument));
    }

    /// <summary>The same for a type that is known by reflection alone, such as a private one.</summary>
    /// <param name="moduleType">A type derived from <c>Module&lt;Tensor, Tensor&gt;</c>.</param>
    /// <param name="forward">From the module and its argument to its result.</param>
    /// <exception cref="ArgumentException">The type is not such a module.</exception>
    public OnnxConverterRegistry WithForward(Type moduleType, Func<nn.Module<Tensor, Tensor>, Tensor, Tensor> forward)
    {
        ArgumentNullException.ThrowIfNull(moduleType);
        ArgumentNullException.ThrowIfNull(forward);
        if (!moduleType.IsAssignableTo(typeof(nn.Module<Tensor, Tensor>)))
        {
            throw new ArgumentException(
                $"{moduleType.Name} is not a module from a tensor to a tensor: it does not derive from Module<Tensor, Tensor>.",
                nameof(moduleType));
        }
        return new OnnxConverterRegistry(converters, forwards.SetItem(moduleType, forward));
    }

    /// <summary>The other forward of a module type, or null.</summary>
    internal Func<nn.Module<Tensor, Tensor>, Tensor, Tensor>? FindForward(Type moduleType) => forwards.GetValueOrDefault(moduleType);

    /// <summary>The converter of a module type, or null.</summary>
    internal OnnxConverter<nn.Module>? Find(Type moduleType) => converters.GetValueOrDefault(moduleType);
}

/// <summary>Writes one call of a module as ONNX nodes.</summary>
/// <typeparam name="TModule">The module's type.</typeparam>
/// <param name="context">Adds nodes and constants, and knows the traced shapes.</param>
/// <param name="module">The module.</param>
/// <param name="inputs">The names of the values the call received.</param>
/// <returns>The names of the values it gives, in the order of its tensor results.</returns>
public delegate IReadOnlyList<string> OnnxConverter<in TModule>(OnnxExportContext context, TModule module, IReadOnlyList<string> inputs);

/// <summary>The converters of TorchSharp's own modules, family by family.</summary>
internal static class BuiltInConverters
{
    private static readonly Func<OnnxConverterRegistry, OnnxConverterRegistry>[] Families =
    [
        ActivationConverters.AddTo,
        AdaptivePoolingConverters.AddTo,
        AttentionConverters.AddTo,
        ConvolutionConverters.AddTo,
        DistanceConverters.AddTo,
        EmbeddingConverters.AddTo,
        LinearConverters.AddTo,
        NormalizationConverters.AddTo,
        PaddingConverters.AddTo,
        PoolingConverters.AddTo,
        RecurrentConverters.AddTo,
        ShapeConverters.AddTo,
        WindowConverters.AddTo,
    ];

    public static OnnxConverterRegistry AddTo(OnnxConverterRegistry registry) => Families.Aggregate(registry, (known, add) => add(known));
}
