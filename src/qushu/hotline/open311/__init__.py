"""Open311 GeoReport v2, so that existing clients work. The specification: https://wiki.open311.org/GeoReport_v2/"""
