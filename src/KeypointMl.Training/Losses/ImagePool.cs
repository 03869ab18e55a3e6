using KeypointMl.Data;
using static TorchSharp.torch;

namespace KeypointMl.Training.Losses;

/// <summary>
/// The history of D's fake images (Shrivastava et al. 2017; the release: 50 images): while it fills, an image is stored
/// and returned; afterwards each image is, with probability ½, swapped with a stored one.
/// </summary>
public sealed class ImagePool : IDisposable
{
    private readonly int capacity;
    private readonly List<Tensor> images = [];

    /// <param name="capacity">How many images are kept; 0 returns every query unchanged.</param>
    public ImagePool(int capacity) => this.capacity = capacity;

    /// <summary>The stored images, each [C,H,W]: part of a checkpoint. Setting takes ownership.</summary>
    public IReadOnlyList<Tensor> Images
    {
        get => images;
        set
        {
            Dispose();
            images.AddRange(value.Select(image => image.DetachFromDisposeScope()));
        }
    }

    /// <summary>Images [N,C,H,W] without gradient → as many, some of them from earlier queries.</summary>
    public Tensor Query(Tensor batch, ref SeededRandom random)
    {
        if (capacity == 0)
            return batch;
        var result = new Tensor[batch.shape[0]];
        for (int i = 0; i < result.Length; i++)
        {
            Tensor image = batch[i];
            if (images.Count < capacity)
            {
                images.Add(image.clone().DetachFromDisposeScope());
                result[i] = image;
            }
            else if (random.Chance(0.5))
            {
                int slot = random.Next(capacity);
                result[i] = images[slot].clone();
                images[slot].copy_(image);
            }
            else
            {
                result[i] = image;
            }
        }
        return stack(result.Select(image => image.permute(1, 2, 0))).permute(0, 3, 1, 2); // channels-last, as all images
    }

    /// <summary>Forgets the stored images.</summary>
    public void Dispose()
    {
        foreach (Tensor image in images)
            image.Dispose();
        images.Clear();
    }
}
