using static TorchSharp.torch;

namespace KeypointMl.Onnx.TorchSharp.Tests;

/// <summary>
/// Puts a module of one to six tensors around one whose arguments the exporter cannot fill from a list of tensors, such
/// as those that mix tensors and flags.
/// </summary>
internal static class Around
{
    /// <summary>Makes the module.</summary>
    /// <param name="inner">The module that is called.</param>
    /// <param name="inputs">How many tensors it takes.</param>
    /// <param name="run">Calls the inner module.</param>
    public static nn.Module Of<TModule>(TModule inner, int inputs, Func<TModule, Tensor[], Tensor[]> run)
        where TModule : nn.Module
    {
        nn.Module outer = inputs switch
        {
            1 => new One(tensors => run(inner, tensors)),
            2 => new Two(tensors => run(inner, tensors)),
            3 => new Three(tensors => run(inner, tensors)),
            4 => new Four(tensors => run(inner, tensors)),
            5 => new Five(tensors => run(inner, tensors)),
            _ => new Six(tensors => run(inner, tensors)),
        };
        outer.register_module("inner", inner);
        return outer;
    }

    private sealed class One(Func<Tensor[], Tensor[]> run) : nn.Module<Tensor, Tensor[]>("outer")
    {
        public override Tensor[] forward(Tensor a) => run([a]);
    }

    private sealed class Two(Func<Tensor[], Tensor[]> run) : nn.Module<Tensor, Tensor, Tensor[]>("outer")
    {
        public override Tensor[] forward(Tensor a, Tensor b) => run([a, b]);
    }

    private sealed class Three(Func<Tensor[], Tensor[]> run) : nn.Module<Tensor, Tensor, Tensor, Tensor[]>("outer")
    {
        public override Tensor[] forward(Tensor a, Tensor b, Tensor c) => run([a, b, c]);
    }

    private sealed class Four(Func<Tensor[], Tensor[]> run) : nn.Module<Tensor, Tensor, Tensor, Tensor, Tensor[]>("outer")
    {
        public override Tensor[] forward(Tensor a, Tensor b, Tensor c, Tensor d) => run([a, b, c, d]);
    }

    private sealed class Five(Func<Tensor[], Tensor[]> run) : nn.Module<Tensor, Tensor, Tensor, Tensor, Tensor, Tensor[]>("outer")
    {
        public override Tensor[] forward(Tensor a, Tensor b, Tensor c, Tensor d, Tensor e) => run([a, b, c, d, e]);
    }

    private sealed class Six(Func<Tensor[], Tensor[]> run) : nn.Module<Tensor, Tensor, Tensor, Tensor, Tensor, Tensor, Tensor[]>("outer")
    {
        public override Tensor[] forward(Tensor a, Tensor b, Tensor c, Tensor d, Tensor e, Tensor f) => run([a, b, c, d, e, f]);
    }
}
