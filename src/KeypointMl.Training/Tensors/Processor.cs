using System.Globalization;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;
using System.Security.Cryptography;
using System.Text;

namespace KeypointMl.Training.Tensors;

/// <summary>The processor, as far as it decides which kernels run.</summary>
/// <param name="Name">What it calls itself.</param>
/// <param name="Family">CPU family (x86); null elsewhere.</param>
/// <param name="Model">Model (x86); null elsewhere.</param>
/// <param name="Stepping">Stepping (x86); null elsewhere.</param>
/// <param name="InstructionSets">The vector instruction sets that libtorch and oneDNN choose by.</param>
/// <param name="Fingerprint">Equal for two processors exactly if they report the same features and caches.</param>
public sealed record Processor(
    string Name, int? Family, int? Model, int? Stepping, IReadOnlyList<string> InstructionSets, string Fingerprint)
{
    /// <summary>The processor of this machine.</summary>
    public static Processor Current { get; } = Read();

    /// <summary>Whether it has AVX-512, oneDNN's first choice.</summary>
    public bool HasAvx512 => InstructionSets.Contains("avx512");

    /// <inheritdoc/>
    public override string ToString() =>
        Family is null
        ? Name
        : string.Create(CultureInfo.InvariantCulture,
            $"{Name} (family {Family}, model {Model}, stepping {Stepping}; {string.Join(", ", InstructionSets)})");

    private static Processor Read()
    {
        if (!X86Base.IsSupported)
        {
            string architecture = RuntimeInformation.ProcessArchitecture.ToString();
            return new Processor(architecture, null, null, null, [], architecture);
        }
        (int signature, _, _, _) = X86Base.CpuId(1, 0);
        int family = (signature >> 8) & 15;
        int model = (signature >> 4) & 15;
        if (family is 6 or 15)
            model += ((signature >> 16) & 15) << 4;
        if (family == 15)
            family += (signature >> 20) & 255;
        return new Processor(Brand(), family, model, signature & 15, [.. Sets()], Digest());
    }

    private static IEnumerable<string> Sets()
    {
        if (Sse41.IsSupported)
            yield return "sse4.1";
        if (Avx.IsSupported)
            yield return "avx";
        if (Avx2.IsSupported)
            yield return "avx2";
        if (Avx512F.IsSupported)
            yield return "avx512";
        // Leaf 7: AVX512_VNNI is ECX bit 11; leaf 7, subleaf 1: AVX512_BF16 is EAX bit 5.
        if (Avx512F.IsSupported && (X86Base.CpuId(7, 0).Ecx & (1 << 11)) != 0)
            yield return "avx512_vnni";
        if (Avx512F.IsSupported && (X86Base.CpuId(7, 1).Eax & (1 << 5)) != 0)
            yield return "avx512_bf16";
    }

    private static string Brand()
    {
        var text = new StringBuilder();
        for (uint leaf = 0x80000002; leaf <= 0x80000004; leaf++)
        {
            (int a, int b, int c, int d) = X86Base.CpuId(unchecked((int)leaf), 0);
            foreach (int register in new[] { a, b, c, d })
                text.Append(Encoding.ASCII.GetString(BitConverter.GetBytes(register)));
        }
        return text.ToString().TrimEnd('\0', ' ').Trim();
    }

    /// <summary>
    /// Signature, features, and the cache and topology leaves by which oneDNN sizes its blocks; some virtual machines
    /// leave those empty.
    /// </summary>
    private static string Digest()
    {
        var bytes = new List<byte>();
        foreach ((uint leaf, int subleaf) in new (uint, int)[] { (0, 0), (1, 0), (4, 0), (4, 1), (4, 2), (4, 3), (7, 0), (7, 1),
            (0x8000001D, 0), (0x8000001D, 1), (0x8000001D, 2), (0x8000001D, 3) })
        {
            (int a, int b, int c, int d) = X86Base.CpuId(unchecked((int)leaf), subleaf);
            // The bits that differ from core to core (APIC identifiers: leaf 1, EBX 31…24) or from process to process
            // say nothing of kernels.
            int[] registers = leaf == 1 ? [a, b & 0x0000FF00, c & ~(1 << 27), d] : [a, b, c, d];
            foreach (int register in registers)
                bytes.AddRange(BitConverter.GetBytes(register));
        }
        return Convert.ToHexStringLower(SHA256.HashData([.. bytes]))[..16];
    }
}
