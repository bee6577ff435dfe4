// Which attributes of Terraform's resources are secrets by what they are called. Only the provider knows for sure, and a program runs without one: what
// this table misses, `secretValue` says, and a preview refuses what the provider calls sensitive after all.

/** The ends of names that mean a secret whatever they belong to: `master_password`, `auth_token`. */
const secretEnds = [
  'password',
  'passwd',
  'passphrase',
  'secret',
  'secret_string',
  'secret_binary',
  'secret_key',
  'secret_access_key',
  'token',
  'private_key',
  'private_key_pem',
  'private_key_pem_pkcs8',
  'private_key_openssh',
  'primary_access_key',
  'secondary_access_key',
  'primary_key',
  'secondary_key',
  'shared_key',
  'connection_string',
  'kube_config_raw',
  'bcrypt_hash',
];

/** Attributes that are one only of this type of resource. */
const secretOf: { readonly [type: string]: readonly string[] } = {
  random_password: ['result'],
  aws_iam_access_key: ['ses_smtp_password_v4'],
  aws_eks_cluster_auth: ['token'],
  google_secret_manager_secret_version: ['secret_data'],
  google_service_account_key: ['private_key'],
  azurerm_key_vault_secret: ['value'],
  vault_generic_secret: ['data', 'data_json'],
  kubernetes_secret: ['data', 'binary_data'],
  tls_private_key: ['private_key_pem', 'private_key_openssh', 'private_key_pem_pkcs8'],
};

const secretEnd = new RegExp(`(^|_)(${secretEnds.join('|')})$`);

/** Is this attribute of a resource of this type a secret, by its name? */
export function isSecretAttribute(type: string, attribute: string): boolean {
  return secretEnd.test(attribute) || (Object.hasOwn(secretOf, type) && (secretOf[type] as readonly string[]).includes(attribute));
}
