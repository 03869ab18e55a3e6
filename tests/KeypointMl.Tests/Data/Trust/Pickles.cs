namespace KeypointMl.Tests.Data.Trust;

/// <summary>Pickles as pandas and NumPy write them, of protocol 0.</summary>
internal static class Pickles
{
    /// <summary>Names of columns: scorer, body part, coordinate.</summary>
    public const string Names = "(lp0\n(Vnet\np1\nVnose\np2\nVx\np3\ntp4\na(g1\ng2\nVy\np5\ntp6\na(g1\nI12\nF1.5\ntp7\na.";

    /// <summary>An array of objects of 2×2 elements.</summary>
    public const string Objects =
        "cnumpy.core.multiarray\n_reconstruct\np0\n(cnumpy\nndarray\np1\n(I0\ntp2\nS'b'\np3\ntp4\nRp5\n(I1\n(I2\nI2\ntp6\n"
        + "cnumpy\ndtype\np7\n(S'O8'\np8\nI0\nI1\ntp9\nRp10\n"
        + "(I3\nS'|'\np11\nNNNI-1\nI-1\nI63\ntp12\nbI00\n(lp13\nVimg0.png\np14\naF1.5\naI2\naNatp15\nb.";
}
