namespace KeypointMl.Training.Tests.Onnx;

/// <summary>Lets libtorch compute without oneDNN until disposed: on some processors oneDNN gets LSTMs and convolutions wrong (docs/numerics.md), and a reference must be right.</summary>
internal sealed class WithoutOneDnn : IDisposable
{
    private readonly bool _before = LibTorchSwitches.OneDnn;

    public WithoutOneDnn() => LibTorchSwitches.UseOneDnn(false);

    public void Dispose() => LibTorchSwitches.UseOneDnn(_before);
}
