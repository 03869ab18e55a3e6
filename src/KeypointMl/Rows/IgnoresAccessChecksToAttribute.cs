#pragma warning disable IDE0130 // the runtime knows the attribute by this name
namespace System.Runtime.CompilerServices;

/// <summary>Known to the runtime by its name: opens another assembly's internals to this one.</summary>
/// <param name="assemblyName">The simple name of the other assembly.</param>
[AttributeUsage(AttributeTargets.Assembly, AllowMultiple = true)]
internal sealed class IgnoresAccessChecksToAttribute(string assemblyName) : Attribute
{
    public string AssemblyName { get; } = assemblyName;
}
