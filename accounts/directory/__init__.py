"""Signing in with LDAP or Active Directory. What imports python-ldap here is the optional extra `ldap`."""
