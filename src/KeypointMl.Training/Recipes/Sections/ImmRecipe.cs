using System.ComponentModel.DataAnnotations;

namespace KeypointMl.Training;

/// <summary><c>imm</c>: the bottleneck of <c>method: imm</c>.</summary>
public sealed record ImmRecipe
{
    /// <summary><c>landmarks</c>: how many points the bottleneck has; they need not be as many as the keypoints. Default 30, one of the authors' settings.</summary>
    [Range(1, 1000)]
    public int Landmarks { get; init; } = 30;

    /// <summary><c>gaussian_sd</c>: σ of exp(−‖u − μ‖²/σ²), in the networks' coordinates; default 0.1, the authors'.</summary>
    [Range(1e-3, 10)]
    public double GaussianSd { get; init; } = 0.1;
}
