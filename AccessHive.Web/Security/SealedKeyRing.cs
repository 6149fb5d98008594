using System.Text;
using System.Xml.Linq;
using AccessHive.Core.Vault;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.AspNetCore.DataProtection.XmlEncryption;
using Microsoft.Extensions.Options;

namespace AccessHive.Web.Security;

/// <summary>Data Protection's own keys, sealed with ours before they reach the database (on Linux they would lie there in clear).</summary>
public sealed class SealedKeyRing(HouseSeal seal) : IConfigureOptions<KeyManagementOptions>
{
    /// <inheritdoc/>
    public void Configure(KeyManagementOptions options) => options.XmlEncryptor = new Encryptor(seal);

    private sealed class Encryptor(HouseSeal seal) : IXmlEncryptor
    {
        public EncryptedXmlInfo Encrypt(XElement plaintextElement)
        {
            var bytes = seal.Seal(HousePurpose.DataProtection, Encoding.UTF8.GetBytes(plaintextElement.ToString(SaveOptions.DisableFormatting)));
            return new EncryptedXmlInfo(new XElement(HousePurpose.DataProtectionElement, Convert.ToBase64String(bytes)), typeof(Decryptor));
        }
    }

    /// <summary>Found by its name in the stored XML.</summary>
    public sealed class Decryptor(IServiceProvider services) : IXmlDecryptor
    {
        /// <inheritdoc/>
        public XElement Decrypt(XElement encryptedElement)
            => XElement.Parse(Encoding.UTF8.GetString(services.GetRequiredService<HouseSeal>().Open(HousePurpose.DataProtection, Convert.FromBase64String(encryptedElement.Value))));
    }
}
