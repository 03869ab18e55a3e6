namespace KeypointMl.Training;

/// <summary>The door from ML.NET to training: <c>mlContext.Keypoints.Trainers</c>.</summary>
public static class KeypointTrainerExtensions
{
    extension(KeypointCatalog catalog)
    {
        /// <summary>The trainers, which need TorchSharp and a package with libtorch; the models that they make do not.</summary>
        public KeypointTrainerCatalog Trainers
        {
            get
            {
                ArgumentNullException.ThrowIfNull(catalog);
                return new KeypointTrainerCatalog(catalog.Context);
            }
        }
    }
}
