"""Backup and restore: one file that holds the database, the uploaded files and a manifest.

The file is a plain tar.  ``manifest.json`` comes last in it and names every other member with its
SHA-256, so a copy that was cut short or altered is recognised before anything is touched.
"""
