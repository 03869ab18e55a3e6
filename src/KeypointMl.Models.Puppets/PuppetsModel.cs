namespace KeypointMl.Models;

/// <summary>The model of this package among <see cref="KeypointModels"/>.</summary>
public static class PuppetsModel
{
    private static readonly KeypointModel Shipped = new("puppets", typeof(PuppetsModel).Assembly);

    extension(KeypointModels)
    {
        /// <summary>A person, learnt without labels from drawn people: 15 keypoints. A model to try things with.</summary>
        public static KeypointModel Puppets => Shipped;
    }
}
