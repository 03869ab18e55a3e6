using System.Reflection;
using System.Text;

namespace KeypointMl.Models;

/// <summary>A trained model that lies in an assembly: graphs and card.</summary>
/// <param name="name">What it is called, such as <c>flies</c>.</param>
/// <param name="assembly">Holds <c>detector.onnx</c>, <c>generator.onnx</c> and <c>README.md</c> as resources.</param>
public sealed class KeypointModel(string name, Assembly assembly)
{
    /// <summary>What it is called, such as <c>flies</c>.</summary>
    public string Name { get; } = name;

    /// <summary>The detector η∘Φ: the bytes of an ONNX file, in an array of the caller's own.</summary>
    /// <exception cref="FileNotFoundException">The assembly has none.</exception>
    public byte[] Detector => Read("detector.onnx");

    /// <summary>
    /// The detector in another size, with the same keypoints: smaller and faster, or larger and nearer. The card says how much.
    /// </summary>
    /// <param name="size">Which one; <see cref="DetectorSize.M"/> is <see cref="Detector"/>.</param>
    /// <exception cref="FileNotFoundException">The model does not come in that size.</exception>
    public byte[] DetectorOf(DetectorSize size) => size == DetectorSize.M ? Detector : Read($"{size}/detector.onnx");

    /// <summary>The generator Ψ∘β: the bytes of an ONNX file, in an array of the caller's own.</summary>
    /// <exception cref="FileNotFoundException">The assembly has none.</exception>
    public byte[] Generator => Read("generator.onnx");

    /// <summary>What it was trained on, how good it is and under which terms it may be used, in Markdown.</summary>
    /// <exception cref="FileNotFoundException">The assembly has none.</exception>
    public string Card => Encoding.UTF8.GetString(Read("README.md"));

    /// <summary>Writes the detector to a file, for what takes a path; an old file is replaced.</summary>
    /// <param name="path">The file; its folder must exist.</param>
    /// <exception cref="IOException">It cannot be written.</exception>
    public void SaveDetector(string path) => File.WriteAllBytes(path, Detector);

    private byte[] Read(string resource)
    {
        using Stream content = assembly.GetManifestResourceStream(resource)
            ?? throw new FileNotFoundException(
                $"Model '{Name}': {assembly.GetName().Name} holds no {resource}. "
                + (resource.Contains('/') ? "It does not come in that size: take Detector." : "Install the package of the model again."), resource);
        byte[] bytes = new byte[content.Length];
        content.ReadExactly(bytes);
        return bytes;
    }
}

/// <summary>How large a detector is.</summary>
public enum DetectorSize
{
    /// <summary>The smallest and fastest.</summary>
    S,

    /// <summary>What is taken where nothing else is said.</summary>
    M,

    /// <summary>The largest and most accurate.</summary>
    L,
}
