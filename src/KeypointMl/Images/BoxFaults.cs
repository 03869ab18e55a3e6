using KeypointMl.Poses;

namespace KeypointMl;

/// <summary>What can be wrong with a box that comes from outside.</summary>
internal static class BoxFaults
{
    /// <summary>Why a box cannot be looked at in an image of that size; null where it can. It may reach over the image's edge, but not lie outside of it.</summary>
    public static string? Find(Box box, int width, int height) =>
        !float.IsFinite(box.X + box.Y + box.Width + box.Height) ? "has a number that is not finite"
        : box.Width <= 0 || box.Height <= 0 ? "has a side that is not greater than 0"
        : !box.Overlaps(width, height) ? $"lies outside the {width}×{height} image"
        : null;

    /// <summary>The box as messages name it.</summary>
    public static string Describe(Box box) => FormattableString.Invariant($"the box ({box.X}, {box.Y}, {box.Width}×{box.Height})");
}
