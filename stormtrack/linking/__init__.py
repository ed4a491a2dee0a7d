"""Linking of feature points into tracks (specification 04, sections 1-9).

:func:`stormtrack.linking.driver.link` runs the whole stage; :func:`stormtrack.linking.driver.finish_loaded` the end of
it on tracks read from a file. The modules below hold one step each.
"""
