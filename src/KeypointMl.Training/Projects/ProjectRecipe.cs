using System.Globalization;
using System.Text;
using KeypointMl.Data.Manifests;
using KeypointMl.Data.Projects;

namespace KeypointMl.Training.Projects;

/// <summary>
/// The recipe of a project for own data: that of the shipped set which is most like it, with augmentation, jitter and length fitted
/// to what was measured. Animals that head anywhere are like <c>pipelines/train/flies.yaml</c>, upright figures in boxes like
/// <c>puppets.yaml</c>, subjects that fill the frame like <c>faces.yaml</c>.
/// </summary>
internal static class ProjectRecipe
{
    private const int ManyKeypoints = 9;
    private const int VeryManyKeypoints = 30;
    // Sizes that are measured by contrast vary by so much where the subjects' do not.
    private const double NoiseOfSizes = 0.1;

    /// <summary>The recipe as YAML, with the reasons as comments.</summary>
    /// <param name="measures">What was measured.</param>
    /// <param name="name">The recipe's name.</param>
    /// <param name="manifest">The path of the manifest, as commands will be given it.</param>
    public static string Write(ProjectMeasures measures, string name, string manifest)
    {
        ArgumentNullException.ThrowIfNull(measures);
        var text = new StringBuilder();
        if (measures.TrainingLabels > 0)
        {
            AddSupervised(text, measures, name, manifest);
            return text.ToString();
        }
        Add(text, $"""
            # Written by keypointml new; yours to edit. Keys that are not written here come from the preset.
            name: {Quote(name)}
            preset: cpu-64
            seed: 1

            data:
              manifest: {Quote(manifest)}

            """);
        AddNetworks(text, measures);
        AddVariation(text, measures);
        AddPairs(text, measures);
        AddSteps(text, measures);
        if (measures.AnyHeading)
            AddDistillation(text);
        return text.ToString();
    }

    // The student's network and settings, with labels in place of a teacher.
    private static void AddSupervised(StringBuilder text, ProjectMeasures measures, string name, string manifest)
    {
        int steps = measures.TrainingLabels < 200 ? 1500 : measures.TrainingLabels < 2000 ? 3000 : 6000;
        Add(text, $$"""
            # Written by keypointml new; yours to edit. Keys that are not written here come from the preset.
            name: {{Quote(name)}}
            preset: cpu-64
            method: supervised
            size: 128
            seed: 1

            data:
              manifest: {{Quote(manifest)}}

            supervised:
              # The network that distillation trains too: image to heat maps to keypoints.
              detector: student

            augmentation:
              rotation_degrees: {{(measures.AnyHeading ? 180 : 20)}}
              shift: 0.05
              scale: {{(measures.WholeFrames ? "0.2" : "0.1")}}

            training:
              # {{measures.TrainingLabels}} labels to learn from.
              steps: {{steps}}
              batch: 16
              learning_rate: 0.002
              betas: [0.9, 0.999]
              decay_from: 0.5

            evaluation:
              every: {{steps / 6 / 50 * 50}}

            samples:
              every: {{steps / 6 / 50 * 50}}

            """);
    }

    private static void AddNetworks(StringBuilder text, ProjectMeasures measures)
    {
        if (measures.Keypoints >= VeryManyKeypoints)
        {
            Add(text, $"""

                networks:
                  # {measures.Keypoints} keypoints differ in finer detail than the preset's Φ sees.
                  width: 12
                  regressor_width: 10
                  generator_width: 8

                """);
        }
        string sigma = measures.Keypoints >= ManyKeypoints ? "0.05" : "0.06";
        Add(text, $"""

            renderer:
              # {measures.Keypoints} keypoints: lines must stay apart.
              fall_off: linear
              sigma_squared: {sigma}

            """);
    }

    private static void AddVariation(StringBuilder text, ProjectMeasures measures)
    {
        bool flip = !measures.AnyHeading && measures.WholeFrames;
        double turn = measures.AnyHeading ? 180 : measures.WholeFrames ? 15 : 5;
        double priorTurn = measures.AnyHeading ? 180 : Math.Round(Math.Min(60, Math.Max(turn + 2, Combined(turn, measures.AxisDegrees))));
        double scale = measures.WholeFrames ? 0.12 : 0.05, shift = measures.WholeFrames ? 0.08 : 0.03;
        // D would learn any difference between the spread of the poses and that of the images.
        double sizes = Combined(scale, Math.Max(0, measures.SizeVariation - NoiseOfSizes));
        double priorScale = Math.Min(0.3, Math.Max(measures.AnyHeading ? 0.08 : scale + 0.02, sizes));
        double priorShift = Math.Min(0.2, Math.Max(shift + 0.02, Combined(shift, measures.PlaceVariation)));
        string why = measures.AnyHeading
            ? "Subjects head anywhere: poses and images alike are turned by any angle."
            : "Poses and images are varied alike, the poses by as much more as makes their spread that of the images.";
        Add(text, $"""

            # {why}
            prior:
              rotation_degrees: {priorTurn}
              scale: {priorScale:0.##}
              shift: {priorShift:0.##}
              joint_jitter: {(measures.Keypoints >= VeryManyKeypoints ? 0.003 : measures.AnyHeading ? 0.01 : 0.005)}
              flip: {(flip ? "true" : "false")}

            augmentation:
              rotation_degrees: {turn}
              shift: {shift}
              scale: {scale}
              flip: {(flip ? "true" : "false")}

            """);
    }

    private static void AddPairs(StringBuilder text, ProjectMeasures measures)
    {
        string style = measures.AnyHeading
            ? "{rotation_degrees: 180, shift: 0.05, scale: 0.1}"
            : "{rotation_degrees: 22.5, shift: 0.075, scale: 0.15}";
        if (measures.FramesPerSecond is not double rate || measures.LongestClip < 2)
        {
            Add(text, $$"""

                pairs:
                  # Single images have no second frame: a pair is one image, warped twice.
                  thin_plate_spline: {enabled: true}
                  style_affine: {{style}}

                """);
            return;
        }
        int most = (int)Math.Clamp(10 * rate, 1, Math.Max(1, measures.LongestClip - 1));
        int least = (int)Math.Clamp(0.2 * rate, 1, most);
        Add(text, $$"""

            pairs:
              # {{rate:0.#}} frames a second: within ten seconds the pose changes, and the subject stays the same.
              min_distance: {{least}}
              max_distance: {{most}}
              # x′ is warped as well, so that it tells what the subject looks like and not how it lies.
              style_affine: {{style}}

            """);
    }

    private static void AddSteps(StringBuilder text, ProjectMeasures measures)
    {
        int steps = (measures.Frames, measures.AnyHeading) switch
        {
            ( < 1000, _) => 1000,
            ( < 10_000, true) => 1200,
            ( < 10_000, false) => 1800,
            (_, true) => 1800,
            _ => 2500,
        };
        int every = steps / 6 / 50 * 50;
        string equivariance = measures.AnyHeading
            ? "equivariance: 2\n  equivariance_affine: {rotation_degrees: 45, shift: 0.075, scale: 0.15}"
            : measures.WholeFrames
            ? "equivariance: 5\n  equivariance_affine: {rotation_degrees: 22.5, shift: 0.075, scale: 0.15}"
            : "equivariance: 2";
        Add(text, $"""

            regressor_pretraining:
              steps: {(measures.WholeFrames ? 1200 : 1500)}

            training:
              # {measures.Frames} frames to learn from.
              steps: {steps}

            losses:
              reconstruction_kind: pyramid-l1
              {equivariance}

            evaluation:
              every: {(measures.HasLabels ? every : 0)}

            samples:
              every: {every}

            """);
    }

    private static void AddDistillation(StringBuilder text) => Add(text, $$"""

        # keypointml distill --run RUN --out RUN2: how the parts move, learnt in the subject's own frame.
        articulation:
          steps: 1800

        student:
          steps: 5000
          augmentation: {rotation_degrees: 180, shift: 0.05, scale: 0.1, flip: true}

        """);

    private static double Combined(double one, double other) => Math.Sqrt(one * one + other * other);

    private static string Quote(string text) => SkeletonYaml.Quote(text);

    private static void Add(StringBuilder text, FormattableString part) =>
        text.Append(part.ToString(CultureInfo.InvariantCulture).ReplaceLineEndings("\n"));
}
