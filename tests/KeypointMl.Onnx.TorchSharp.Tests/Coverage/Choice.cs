namespace KeypointMl.Onnx.TorchSharp.Tests;

/// <summary>One value of every option of a space.</summary>
/// <param name="Values">The values by the options' names.</param>
/// <param name="Unusual">The options that do not have their first, simplest value, in words.</param>
internal sealed record Choice(IReadOnlyDictionary<string, object> Values, string Unusual)
{
    /// <summary>The value of an option.</summary>
    public T Of<T>(string option) => (T)Values[option];

    public long Number(string option) => Of<int>(option);

    public bool Flag(string option) => Of<bool>(option);
}
