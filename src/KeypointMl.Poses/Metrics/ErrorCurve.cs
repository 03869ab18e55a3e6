namespace KeypointMl.Poses;

/// <summary>
/// The curve of the share of errors within t, from t = 0 to a largest t, and the area under it over that range. The integral is exact: each error e adds max(0, 1 − e/t).
/// </summary>
internal static class ErrorCurve
{
    /// <summary>The area, 0 to 1.</summary>
    public static double Area(IEnumerable<double> errors, double largest) => errors.Average(error => Math.Max(0, 1 - error / largest));

    /// <summary>The share of errors beyond the largest.</summary>
    public static double FailureRate(IEnumerable<double> errors, double largest) => errors.Average(error => error > largest ? 1.0 : 0);
}
