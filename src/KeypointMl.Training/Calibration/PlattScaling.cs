namespace KeypointMl.Training.Calibration;

/// <summary>
/// Platt scaling (Platt 1999), a logistic regression of right or wrong on one number: by Newton's method, with Platt's
/// smoothed targets, so that a keypoint that is always right does not get a probability of 1.
/// </summary>
internal static class PlattScaling
{
    /// <summary>How much the common slope counts beside a keypoint's own values: as much as so many of them where u varies by 1.</summary>
    private const double CommonSlopeWeight = 5;

    private const int MaxSteps = 100;

    /// <summary>
    /// Fits a curve to each keypoint. A slope is held near that of all keypoints, and at most 0: more spread never
    /// makes a keypoint surer.
    /// </summary>
    /// <param name="spread">u of each keypoint: [K][n], n at least 1.</param>
    /// <param name="right">Whether it is right, likewise.</param>
    public static ConfidenceCurve[] Fit(IReadOnlyList<double[]> spread, IReadOnlyList<bool[]> right)
    {
        ConfidenceCurve common = Fit([.. spread.SelectMany(values => values)], [.. right.SelectMany(values => values)], default, 0);
        return [.. spread.Zip(right, (u, yes) => Fit(u, yes, common, CommonSlopeWeight))];
    }

    private static ConfidenceCurve Fit(double[] u, bool[] right, ConfidenceCurve towards, double weight)
    {
        ConfidenceCurve curve = Newton(u, right, towards, weight, isFlat: false);
        return curve.Slope <= 0 ? curve : Newton(u, right, default, 0, isFlat: true);
    }

    private static ConfidenceCurve Newton(double[] u, bool[] right, ConfidenceCurve start, double weight, bool isFlat)
    {
        int yes = right.Count(value => value);
        double targetRight = (yes + 1.0) / (yes + 2.0);
        double targetWrong = 1.0 / (right.Length - yes + 2.0);
        // From u's mean, so that the two unknowns hardly depend on each other.
        double mean = u.Average();
        (double a, double b) = (Math.Log((yes + 1.0) / (right.Length - yes + 1.0)), isFlat ? 0 : start.Slope);
        for (int step = 0; step < MaxSteps; step++)
        {
            double gradientA = 0, gradientB = weight * (b - start.Slope), aa = 1e-9, ab = 0, bb = weight + 1e-9;
            for (int i = 0; i < u.Length; i++)
            {
                double p = 1 / (1 + Math.Exp(-(a + b * (u[i] - mean))));
                double error = p - (right[i] ? targetRight : targetWrong);
                double curvature = Math.Max(p * (1 - p), 1e-9);
                gradientA += error;
                gradientB += error * (u[i] - mean);
                aa += curvature;
                ab += curvature * (u[i] - mean);
                bb += curvature * (u[i] - mean) * (u[i] - mean);
            }
            (double moveA, double moveB) = isFlat
                ? (gradientA / aa, 0)
                : ((bb * gradientA - ab * gradientB) / (aa * bb - ab * ab), (aa * gradientB - ab * gradientA) / (aa * bb - ab * ab));
            // Far from the minimum Newton's steps are too long.
            a -= Math.Clamp(moveA, -2, 2);
            b -= Math.Clamp(moveB, -2, 2);
            if (Math.Max(Math.Abs(moveA), Math.Abs(moveB)) < 1e-9)
                break;
        }
        return new ConfidenceCurve(a - b * mean, b);
    }
}
