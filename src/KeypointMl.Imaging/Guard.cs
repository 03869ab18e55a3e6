using System.Runtime.CompilerServices;

namespace KeypointMl.Imaging;

/// <summary>
/// What options take: each check gives the value back, or refuses it by the option's name with what was expected.
/// </summary>
internal static class Guard
{
    /// <summary>A value that is not below the least.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is, or it is not a number.</exception>
    public static T AtLeast<T>(T value, T least, [CallerMemberName] string option = "")
        where T : struct, IComparable<T> =>
        value.CompareTo(least) >= 0 ? value : throw new ArgumentOutOfRangeException(option, value, $"Expected {least} or more.");

    /// <summary>As the other overload; null may be, too.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is given and below the least.</exception>
    public static T? AtLeast<T>(T? value, T least, [CallerMemberName] string option = "")
        where T : struct, IComparable<T> => value is { } given ? AtLeast(given, least, option) : null;

    /// <summary>A value from the least to the most.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is outside, or it is not a number.</exception>
    public static T Between<T>(T value, T least, T most, [CallerMemberName] string option = "")
        where T : struct, IComparable<T> =>
        value.CompareTo(least) >= 0 && value.CompareTo(most) <= 0
            ? value
            : throw new ArgumentOutOfRangeException(option, value, $"Expected {least} to {most}.");

    /// <summary>As the other overload; null may be, too.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is given and outside.</exception>
    public static T? Between<T>(T? value, T least, T most, [CallerMemberName] string option = "")
        where T : struct, IComparable<T> => value is { } given ? Between(given, least, most, option) : null;

    /// <summary>A member of an enumeration.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is none.</exception>
    public static T Defined<T>(T value, [CallerMemberName] string option = "")
        where T : struct, Enum =>
        Enum.IsDefined(value)
            ? value
            : throw new ArgumentOutOfRangeException(option, value, $"Expected {string.Join(" or ", Enum.GetNames<T>())}.");
}
