// Keys and certificates for one cluster that lives for minutes, so that the test bed needs no openssl.
package main

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"fmt"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"time"
)

// `testbed pki DIR` writes the CA, the server's certificate, the key that signs service account tokens, and who the components and
// the administrator are.
func runPKI() {
	if len(os.Args) != 2 {
		exitOn(fmt.Errorf("usage: testbed pki DIR"))
	}
	dir := os.Args[1]
	exitOn(os.MkdirAll(dir, 0o700))

	ca := newKey()
	caTemplate := certificateFor(pkix.Name{CommonName: "testbed-ca"})
	caTemplate.IsCA = true
	caTemplate.BasicConstraintsValid = true
	caTemplate.KeyUsage = x509.KeyUsageCertSign | x509.KeyUsageDigitalSignature
	writeKey(dir, "ca", ca)
	authority := &authority{key: ca, certificate: writeCertificate(dir, "ca", caTemplate, caTemplate, ca, ca)}

	server := certificateFor(pkix.Name{CommonName: "kube-apiserver"})
	server.ExtKeyUsage = []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth}
	server.DNSNames = []string{"localhost", "kubernetes", "kubernetes.default", "kubernetes.default.svc", "kubernetes.default.svc.cluster.local"}
	server.IPAddresses = []net.IP{net.IPv4(127, 0, 0, 1), net.IPv4(10, 96, 0, 1)}
	authority.issue(dir, "server", server)

	writeKey(dir, "service-account", newKey())
	authority.issueClient(dir, "admin", "kubernetes-admin", "system:masters")
	authority.issueClient(dir, "kube-controller-manager", "system:kube-controller-manager")
	authority.issueClient(dir, "kube-scheduler", "system:kube-scheduler")
}

// `testbed client-certificate DIR FILE USER [GROUP…]` adds DIR/FILE.crt and .key for one more user.
func runClientCertificate() {
	if len(os.Args) < 4 {
		exitOn(fmt.Errorf("usage: testbed client-certificate DIR FILE USER [GROUP…]"))
	}
	dir := os.Args[1]
	readAuthority(dir).issueClient(dir, os.Args[2], os.Args[3], os.Args[4:]...)
}

type authority struct {
	key         *ecdsa.PrivateKey
	certificate *x509.Certificate
}

func readAuthority(dir string) *authority {
	key, err := x509.ParseECPrivateKey(readPEM(dir, "ca.key"))
	exitOn(err)
	certificate, err := x509.ParseCertificate(readPEM(dir, "ca.crt"))
	exitOn(err)
	return &authority{key, certificate}
}

func (a *authority) issueClient(dir, file, user string, groups ...string) {
	template := certificateFor(pkix.Name{CommonName: user, Organization: groups})
	template.ExtKeyUsage = []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth}
	a.issue(dir, file, template)
}

func (a *authority) issue(dir, file string, template *x509.Certificate) {
	key := newKey()
	writeKey(dir, file, key)
	writeCertificate(dir, file, template, a.certificate, key, a.key)
}

func certificateFor(subject pkix.Name) *x509.Certificate {
	serial, err := rand.Int(rand.Reader, new(big.Int).Lsh(big.NewInt(1), 127))
	exitOn(err)
	return &x509.Certificate{
		SerialNumber: serial,
		Subject:      subject,
		NotBefore:    time.Now().Add(-time.Hour),
		NotAfter:     time.Now().Add(30 * 24 * time.Hour),
		KeyUsage:     x509.KeyUsageDigitalSignature,
	}
}

func newKey() *ecdsa.PrivateKey {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	exitOn(err)
	return key
}

func writeCertificate(dir, file string, template, parent *x509.Certificate, key, signer *ecdsa.PrivateKey) *x509.Certificate {
	der, err := x509.CreateCertificate(rand.Reader, template, parent, key.Public(), signer)
	exitOn(err)
	writePEM(dir, file+".crt", "CERTIFICATE", der)
	certificate, err := x509.ParseCertificate(der)
	exitOn(err)
	return certificate
}

func writeKey(dir, file string, key *ecdsa.PrivateKey) {
	der, err := x509.MarshalECPrivateKey(key)
	exitOn(err)
	writePEM(dir, file+".key", "EC PRIVATE KEY", der)
}

func writePEM(dir, file, kind string, der []byte) {
	exitOn(os.WriteFile(filepath.Join(dir, file), pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der}), 0o600))
}

func readPEM(dir, file string) []byte {
	text, err := os.ReadFile(filepath.Join(dir, file))
	exitOn(err)
	block, _ := pem.Decode(text)
	if block == nil {
		exitOn(fmt.Errorf("%s holds no PEM block", filepath.Join(dir, file)))
	}
	return block.Bytes
}
