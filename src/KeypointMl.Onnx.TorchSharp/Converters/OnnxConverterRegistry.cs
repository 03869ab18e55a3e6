using System.Collections.Immutable;
using static TorchSharp.torch;

namespace KeypointMl.Onnx.TorchSharp;

/// <summary>
/// Which converter serves which module type. A converter serves exactly its type: a class derived from it may compute something else, and needs its own.
/// Immutable: <see cref="With{TModule}(OnnxConverter{TModule})"/> gives a new registry.
/// </summary>
public sealed class OnnxConverterRegistry
{
    private readonly ImmutableDictionary<Type, OnnxConverter<nn.Module>> _converters;

    private OnnxConverterRegistry(ImmutableDictionary<Type, OnnxConverter<nn.Module>> converters) => _converters = converters;

    /// <summary>No converters at all.</summary>
    public static OnnxConverterRegistry Empty { get; } = new(ImmutableDictionary<Type, OnnxConverter<nn.Module>>.Empty);

    /// <summary>The converters of TorchSharp's own modules. Which ONNX operators each becomes, at which opset, and which options it refuses: docs/onnx-coverage.md.</summary>
    public static OnnxConverterRegistry BuiltIn { get; } = BuiltInConverters.AddTo(Empty);

    /// <summary>TorchSharp's own modules that no graph can hold, each with the reason, which ends with the way out where there is one.</summary>
    public static IReadOnlyDictionary<Type, string> WithoutCounterpart => ModulesWithoutCounterpart.Reasons;

    /// <summary>The module types that have a converter, by name.</summary>
    public IEnumerable<Type> ModuleTypes => _converters.Keys.OrderBy(type => type.Name, StringComparer.Ordinal);

    /// <summary>A registry with one more converter, or with another one for a type.</summary>
    /// <typeparam name="TModule">The module type: exactly this, not types derived from it.</typeparam>
    /// <param name="converter">Its converter. The tracer does not look inside a module that has one.</param>
    public OnnxConverterRegistry With<TModule>(OnnxConverter<TModule> converter)
        where TModule : nn.Module
    {
        ArgumentNullException.ThrowIfNull(converter);
        return new OnnxConverterRegistry(_converters.SetItem(typeof(TModule), (context, module, inputs) => converter(context, (TModule)module, inputs)));
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

    /// <summary>The converter of a module type, or null.</summary>
    internal OnnxConverter<nn.Module>? Find(Type moduleType) => _converters.GetValueOrDefault(moduleType);
}
