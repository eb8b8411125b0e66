"""The product's addresses and the bare view beside them."""

from benchmarks.bare import urlpatterns as bare
from qinnan_safety.urls import urlpatterns as product

urlpatterns = [*bare, *product]
