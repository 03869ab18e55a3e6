using KeypointMl.Onnx.Model;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace KeypointMl.Onnx.TorchSharp.Tests;

/// <summary>Residual blocks whose shortcut is a sequence without modules.</summary>
[TestClass]
public sealed class ShortcutTests
{
    [TestMethod]
    [DataRow(true)]
    [DataRow(false)]
    public void Empty_sequence_gives_what_it_received(bool call)
    {
        manual_seed(120);
        using var module = new Shortcut(call);
        OnnxModel model = Parity.Check(module, [4]);
        CollectionAssert.AreEqual((string[])["Gemm", "Add"], model.Nodes.Select(node => node.OpType).ToArray());
    }

    [TestMethod]
    public void Empty_sequence_between_layers_writes_no_node()
    {
        manual_seed(121);
        using var module = nn.Sequential(("first", nn.Linear(4, 4)), ("nothing", nn.Sequential()), ("last", nn.Linear(4, 2)));
        Assert.HasCount(2, Parity.Check(module, [4]).Nodes);
    }

    [TestMethod]
    public void Empty_sequence_alone_copies_its_input()
    {
        using Sequential module = nn.Sequential();
        Assert.AreEqual("Identity", Parity.Check(module, [4]).Nodes.Single().OpType);
    }

    private sealed class Shortcut : nn.Module<Tensor, Tensor>
    {
        private readonly Linear body = nn.Linear(4, 4);
        private readonly Sequential shortcut = nn.Sequential();
        private readonly bool asCall;

        public Shortcut(bool call)
            : base("shortcut")
        {
            asCall = call;
            RegisterComponents();
        }

        public override Tensor forward(Tensor input) =>
            Functional.add(body.call(input), asCall ? shortcut.call(input) : shortcut.forward(input));
    }
}
