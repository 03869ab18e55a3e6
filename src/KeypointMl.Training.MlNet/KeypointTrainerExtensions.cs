using KeypointMl.Evaluation;
using KeypointMl.Training.Recipes;
using Microsoft.ML;

namespace KeypointMl.Training.MlNet;

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

/// <summary>The trainers of keypoint detectors.</summary>
public sealed class KeypointTrainerCatalog
{
    private readonly MLContext mlContext;

    internal KeypointTrainerCatalog(MLContext mlContext) => this.mlContext = mlContext;

    /// <summary>
    /// Learns a detector of named keypoints from unlabelled frames and unpaired poses. See
    /// <see cref="KeypointGanEstimator"/>.
    /// </summary>
    /// <param name="options">The recipe, the columns, the prior; null for a recipe that takes about half an hour on two processors.</param>
    /// <exception cref="RecipeException">
    /// The recipe's values are out of range or contradict each other; the message lists all of them.
    /// </exception>
    /// <exception cref="ArgumentException">A column name is empty, or the recipe is of a supervised run.</exception>
    public KeypointGanEstimator KeypointGan(KeypointGanOptions? options = null) => new(mlContext, options ?? new());
}
