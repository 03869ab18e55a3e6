namespace KeypointMl.Imaging.Subjects;

/// <summary>Tells a camera that moves by whether whole pictures are shifted against each other.</summary>
internal static class CameraMotion
{
    private const float BetterBy = 0.7f;
    private const float MovingPart = 0.3f;

    /// <summary>Whether the picture moves as a whole between many of the neighbouring samples.</summary>
    internal static bool IsSeenIn(IReadOnlyList<byte[]> planes, int width, int height)
    {
        int moved = 0;
        for (int i = 1; i < planes.Count; i++)
        {
            if (IsShifted(planes[i - 1], planes[i], width, height))
                moved++;
        }
        return moved > MovingPart * (planes.Count - 1);
    }

    // Both halves must be shifted alike: a large subject alone moves in one of them, or in both differently.
    private static bool IsShifted(byte[] before, byte[] after, int width, int height)
    {
        int? x1 = Shift(Columns(before, width, 0, height / 2), Columns(after, width, 0, height / 2));
        int? x2 = Shift(Columns(before, width, height / 2, height), Columns(after, width, height / 2, height));
        int? y1 = Shift(Rows(before, width, 0, width / 2), Rows(after, width, 0, width / 2));
        int? y2 = Shift(Rows(before, width, width / 2, width), Rows(after, width, width / 2, width));
        return IsCommon(x1, x2) || IsCommon(y1, y2);
    }

    private static bool IsCommon(int? one, int? two) => one is int a && two is int b && a != 0 && b != 0 && Math.Abs(a - b) <= 1;

    // The sum of the edges in each column.
    private static float[] Columns(byte[] plane, int width, int top, int bottom)
    {
        float[] profile = new float[width - 1];
        for (int y = top; y < bottom; y++)
        {
            for (int x = 0; x < width - 1; x++)
                profile[x] += Math.Abs(plane[y * width + x + 1] - plane[y * width + x]);
        }
        return profile;
    }

    private static float[] Rows(byte[] plane, int width, int left, int right)
    {
        float[] profile = new float[plane.Length / width - 1];
        for (int y = 0; y < profile.Length; y++)
        {
            for (int x = left; x < right; x++)
                profile[y] += Math.Abs(plane[(y + 1) * width + x] - plane[y * width + x]);
        }
        return profile;
    }

    // By how much the second profile is shifted; null where no shift makes them alike.
    private static int? Shift(float[] first, float[] second)
    {
        int most = first.Length / 4;
        (int best, float least) = (0, float.PositiveInfinity);
        for (int shift = -most; shift <= most; shift++)
        {
            float difference = Difference(first, second, shift);
            if (difference < least)
                (best, least) = (shift, difference);
        }
        return best == 0 ? 0 : least < BetterBy * Difference(first, second, 0) ? best : null;
    }

    private static float Difference(float[] first, float[] second, int shift)
    {
        float sum = 0;
        int from = Math.Max(0, -shift), to = Math.Min(first.Length, first.Length - shift);
        for (int i = from; i < to; i++)
            sum += Math.Abs(first[i] - second[i + shift]);
        return sum / (to - from);
    }
}
