using System.Collections.Immutable;
using KeypointMl.Training.Recipes.Sections;

namespace KeypointMl.Training.Losses.Perceptual;

/// <summary>
/// The convolutions of a VGG network (Simonyan and Zisserman 2015): blocks of 3×3 convolutions, each block but the
/// first after a 2×2 maximum.
/// </summary>
/// <param name="Name">What messages call it.</param>
/// <param name="Convolutions">How many convolutions each block has.</param>
/// <param name="Channels">How many channels each block has.</param>
internal sealed record VggArchitecture(string Name, ImmutableArray<int> Convolutions, ImmutableArray<int> Channels)
{
    /// <summary>VGG-16 (configuration D).</summary>
    public static VggArchitecture Vgg16 { get; } = new("VGG-16", [2, 2, 3, 3, 3], [64, 128, 256, 512, 512]);

    /// <summary>VGG-19 (configuration E).</summary>
    public static VggArchitecture Vgg19 { get; } = new("VGG-19", [2, 2, 4, 4, 4], [64, 128, 256, 512, 512]);

    /// <summary>The architecture that a recipe asks for.</summary>
    public static VggArchitecture From(PerceptualNetwork network) => network == PerceptualNetwork.Vgg16 ? Vgg16 : Vgg19;

    /// <summary>Every convolution, from the image on.</summary>
    public IEnumerable<VggLayer> Layers()
    {
        int inputs = 3;
        int position = 0;
        for (int block = 0; block < Convolutions.Length; block++)
        {
            for (int i = 0; i < Convolutions[block]; i++)
            {
                yield return new VggLayer($"conv{block + 1}_{i + 1}", block, i, position, inputs, Channels[block]);
                inputs = Channels[block];
                position += 2;
            }
            position++;
        }
    }
}

/// <summary>One 3×3 convolution of a <see cref="VggArchitecture"/>.</summary>
/// <param name="Name"><c>conv3_2</c> is the second of the third block.</param>
/// <param name="Block">0-based.</param>
/// <param name="Index">0-based, in its block.</param>
/// <param name="Position">Its place in torchvision's <c>features</c>, which counts activations and poolings too.</param>
/// <param name="Inputs">Input channels.</param>
/// <param name="Outputs">Output channels.</param>
internal sealed record VggLayer(string Name, int Block, int Index, int Position, int Inputs, int Outputs);
