using System.Collections.Immutable;

namespace KeypointMl.Training.Losses.Perceptual;

/// <summary>
/// The convolutions of a residual network of basic blocks (He et al. 2016) whose outputs are compared: 7×7 at stride 2, a
/// 3×3 maximum at stride 2, and stages of blocks of two 3×3 convolutions, each stage but the first at half the size of
/// the one before. What follows in a file is not read.
/// </summary>
/// <param name="Name">What messages call it.</param>
/// <param name="Blocks">How many blocks each stage has.</param>
/// <param name="Channels">How many channels each stage has; the first convolution has as many as the first stage.</param>
internal sealed record ResNetArchitecture(string Name, ImmutableArray<int> Blocks, ImmutableArray<int> Channels)
{
    /// <summary>ResNet-18 without its last stage, which has three blocks in ML.NET's file.</summary>
    public static ResNetArchitecture ResNet18 { get; } = new("ResNet-18", [2, 2, 2], [64, 128, 256]);

    /// <summary>The first convolution.</summary>
    public ResNetLayer Stem => new("conv1", "bn1", Kernel: 7, Stride: 2, Inputs: 3, Channels[0]);

    /// <summary>The blocks of each stage.</summary>
    public IEnumerable<ImmutableArray<ResNetBlock>> Stages() => Blocks.Select((count, stage) =>
        ImmutableArray.CreateRange(Enumerable.Range(0, count).Select(block => Block(stage, block))));

    /// <summary>Every convolution, from the image on; a block's shortcut before its own two.</summary>
    public IEnumerable<ResNetLayer> Layers() =>
        Stages().SelectMany(blocks => blocks).SelectMany(block => block.Layers()).Prepend(Stem);

    /// <summary>Whether an array of torchvision's name belongs to what is compared, in whatever residual network.</summary>
    public bool IsCompared(string array) =>
        array.StartsWith("conv1.", StringComparison.Ordinal)
        || Enumerable.Range(1, Blocks.Length).Any(stage => array.StartsWith($"layer{stage}.", StringComparison.Ordinal));

    private ResNetBlock Block(int stage, int block)
    {
        int outputs = Channels[stage];
        int inputs = block > 0 ? outputs : Channels[Math.Max(0, stage - 1)];
        int stride = block == 0 && stage > 0 ? 2 : 1;
        string name = $"layer{stage + 1}.{block}";
        return new ResNetBlock(
            stride == 1 && inputs == outputs
                ? null
                : new ResNetLayer($"{name}.downsample.0", $"{name}.downsample.1", Kernel: 1, stride, inputs, outputs),
            new ResNetLayer($"{name}.conv1", $"{name}.bn1", Kernel: 3, stride, inputs, outputs),
            new ResNetLayer($"{name}.conv2", $"{name}.bn2", Kernel: 3, Stride: 1, outputs, outputs));
    }
}

/// <summary>ReLU(second(ReLU(first(x))) + shortcut(x)).</summary>
/// <param name="Shortcut">Null where it is x itself.</param>
/// <param name="First">At the block's stride.</param>
/// <param name="Second">At stride 1.</param>
internal sealed record ResNetBlock(ResNetLayer? Shortcut, ResNetLayer First, ResNetLayer Second)
{
    /// <summary>Its convolutions, the shortcut first.</summary>
    public IEnumerable<ResNetLayer> Layers() => Shortcut is null ? [First, Second] : [Shortcut, First, Second];
}

/// <summary>One convolution of a <see cref="ResNetArchitecture"/>, without bias, and the batch normalisation after it.</summary>
/// <param name="Name">torchvision's name of the convolution.</param>
/// <param name="Normalization">torchvision's name of the normalisation.</param>
/// <param name="Kernel">Size of the square kernel.</param>
/// <param name="Stride">Of both axes.</param>
/// <param name="Inputs">Input channels.</param>
/// <param name="Outputs">Output channels.</param>
internal sealed record ResNetLayer(string Name, string Normalization, int Kernel, int Stride, int Inputs, int Outputs);
