namespace KeypointMl.Models;

/// <summary>The model of this package among <see cref="KeypointModels"/>.</summary>
public static class FliesModel
{
    private static readonly KeypointModel Shipped = new("flies", typeof(FliesModel).Assembly);

    extension(KeypointModels)
    {
        /// <summary>A fruit fly seen from above, in a square crop around it: 13 keypoints, learnt without labels.</summary>
        public static KeypointModel Flies => Shipped;
    }
}
